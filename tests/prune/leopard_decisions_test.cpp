// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/base/random.hpp>
#include <hdp/prune/leopard_decisions.hpp>
#include <hdp/prune/leopard_threshold.hpp>

namespace hdp {
namespace {

using test::error_of;

/// Random codes; a unit of Q is worth a half, of K a quarter.
Trace random_codes(const LayerShape& shape, std::int64_t layers, std::int64_t n_ctx = -1) {
  test::TraceFile file;
  if (n_ctx >= 0)
    file.metadata = {{"stage", "decode"},
                     {"causal", "true"},
                     {"n_ctx", std::to_string(n_ctx)},
                     {"steps", std::to_string(shape.n_q)}};
  RandomStream random(15, "leopard");
  for (std::int64_t layer = 0; layer < layers; ++layer)
    for (const TensorKind kind : kTensorKinds) {
      std::vector<std::int16_t> codes(
          static_cast<std::size_t>(shape.stored_heads(kind) * shape.rows(kind) * shape.d));
      for (auto& code : codes) code = static_cast<std::int16_t>(random.normal() * 300);
      file.add(tensor_name(layer, kind), {shape.stored_heads(kind), shape.rows(kind), shape.d},
               ElementType::I16, test::bytes_of(codes));
      file.metadata[tensor_name(layer, kind) + ".scale"] = kind == TensorKind::Q ? "0.5" : "0.25";
    }
  return file.trace();
}

constexpr LayerShape kShape{.heads = 4, .kv_heads = 2, .n_q = 9, .n_k = 12, .d = 8};

/// q.k of the allowed pairs of a layer, in codes, head by head.
std::vector<std::int64_t> naive_scores(const Trace& trace, std::int64_t layer) {
  const LayerShape& shape = trace.shape(layer);
  std::vector<std::int64_t> scores;
  for (std::int64_t h = 0; h < shape.heads; ++h) {
    const Matrix<double> q = trace.read_head(layer, TensorKind::Q, h);
    const Matrix<double> k = trace.read_head(layer, TensorKind::K, trace.kv_head(layer, h));
    for (std::int64_t i = 0; i < shape.n_q; ++i)
      for (std::int64_t j = 0; j < shape.n_k; ++j) {
        if (trace.causal() && j > i + shape.n_k - shape.n_q) continue;
        const auto row = k.row(j);
        scores.push_back(static_cast<std::int64_t>(
            std::inner_product(row.begin(), row.end(), q.row(i).begin(), 0.0)));
      }
  }
  return scores;
}

TEST(LeopardDecisionsTest, SurvivorsDependOnTheThresholdAloneStepsOnTheirWidth) {
  for (const Trace& trace : {random_codes(kShape, 2), random_codes(kShape, 2, 3)}) {
    std::vector<LeopardDecisions> all;
    for (const std::int64_t step_bits : {1, 2, 3, 4, 6, 12})
      for (const MarginRule margin : {MarginRule::SignPairs, MarginRule::AllMagnitudes}) {
        LeopardSettings settings;
        settings.step_bits = step_bits;
        settings.margin = margin;
        settings.threshold = {20'000, -1'000.25};
        all.push_back(decide_leopard(trace, settings, {}, 2));
        for (std::size_t l = 0; l < 2; ++l) {
          const auto scores = naive_scores(trace, static_cast<std::int64_t>(l));
          const LeopardLayerDecisions& layer = all.back().layers[l];
          EXPECT_EQ(layer.counts.pairs, std::ssize(scores));
          EXPECT_EQ(layer.counts.survivors, std::ranges::count_if(scores, [&](std::int64_t s) {
                      return 0.125 * static_cast<double>(s) >= settings.threshold[l];
                    }));
          for (std::size_t h = 0; h < 4; ++h) {
            EXPECT_EQ(layer.heads[h].survivors_sha256,
                      all.front().layers[l].heads[h].survivors_sha256);
            EXPECT_EQ(layer.heads[h].score_sha256, all.front().layers[l].heads[h].score_sha256);
            EXPECT_EQ(layer.heads[h].error.out_norm(),
                      all.front().layers[l].heads[h].error.out_norm());
          }
        }
      }
    EXPECT_LT(all[2].total.steps_total(), all[3].total.steps_total()) << "the margin of pairs";
    EXPECT_EQ(all.back().total.steps_total(), all.back().total.pairs) << "all bits in one step";
  }
}

TEST(LeopardDecisionsTest, CountsAddUp) {
  LeopardSettings settings;
  settings.calibrate = 0.7;
  const LeopardDecisions decisions = decide_leopard(random_codes(kShape, 3), settings, true, 2);
  LeopardCounts sum;
  for (const auto& layer : decisions.layers)
    for (const auto& head : layer.heads) {
      const auto& pruned = head.counts.pruned_at_step;
      EXPECT_EQ(std::ssize(pruned), 6);
      EXPECT_EQ(
          head.counts.pairs,
          head.counts.survivors + std::accumulate(pruned.begin(), pruned.end(), std::int64_t{}));
      EXPECT_EQ(head.counts.survivors,
                std::accumulate(head.survivors_per_query.begin(), head.survivors_per_query.end(),
                                std::int64_t{}));
      EXPECT_EQ(head.counts.empty_rows, std::ranges::count(head.survivors_per_query, 0));
      sum.add(head.counts);
    }
  EXPECT_EQ(sum.survivors, decisions.total.survivors);
  EXPECT_EQ(sum.pruned_at_step, decisions.total.pruned_at_step);
  EXPECT_EQ(sum.steps_histogram().back(), sum.pruned_at_step.back() + sum.survivors);
}

/// The value at floor(share * N) of a layer's scores, all heads and steps together.
TEST(LeopardDecisionsTest, CalibrationTakesAScoreOfThePooledPairs) {
  for (const Trace& trace : {random_codes(kShape, 2), random_codes(kShape, 2, 3)})
    for (const double share : {0.0, 0.3, 0.75, 0.999}) {
      LeopardSettings settings;
      settings.calibrate = share;
      const LeopardDecisions decisions = decide_leopard(trace, settings, {}, 2);
      for (const auto& layer : decisions.layers) {
        auto scores = naive_scores(trace, layer.layer);
        std::ranges::sort(scores);
        const auto below = static_cast<std::size_t>(share * static_cast<double>(scores.size()));
        EXPECT_EQ(layer.threshold, 0.125 * static_cast<double>(scores[below]));
        EXPECT_EQ(layer.counts.survivors, std::ranges::count_if(scores, [&](std::int64_t s) {
                    return s >= scores[below];
                  }));
      }
    }
}

TEST(LeopardDecisionsTest, ARowWithoutSurvivorsIsZero) {
  LeopardSettings settings;
  settings.threshold = {1e9};
  const LeopardDecisions decisions = decide_leopard(random_codes(kShape, 1), settings, {}, 1);
  EXPECT_EQ(decisions.total.empty_rows, 4 * 9);
  EXPECT_EQ(decisions.total.pruned_at_step.front(), decisions.total.pairs);
  EXPECT_EQ(decisions.layers[0].heads[0].error.out_norm(), 0);
  EXPECT_EQ(decisions.layers[0].heads[0].mass_kept, 0);
}

TEST(LeopardDecisionsTest, ThreadsChangeNothing) {
  LeopardSettings settings;
  settings.calibrate = 0.5;
  const Trace trace = random_codes(kShape, 3);
  const LeopardDecisions one = decide_leopard(trace, settings, {}, 1);
  const LeopardDecisions four = decide_leopard(trace, settings, {}, 4);
  for (std::size_t l = 0; l < 3; ++l) {
    EXPECT_EQ(one.layers[l].threshold, four.layers[l].threshold);
    for (std::size_t h = 0; h < 4; ++h) {
      EXPECT_EQ(one.layers[l].heads[h].steps_sha256, four.layers[l].heads[h].steps_sha256);
      EXPECT_EQ(one.layers[l].heads[h].error.out_norm(), four.layers[l].heads[h].error.out_norm());
    }
  }
}

TEST(LeopardDecisionsTest, ThresholdsAreOneOrOneALayer) {
  LeopardSettings settings;
  settings.threshold = {1, 2};
  EXPECT_EQ(error_of([&] { decide_leopard(random_codes(kShape, 3), settings, {}, 1); }),
            "/settings/threshold: 2 thresholds; allowed: one, or one a layer, 3");
}

/// The least t with t * unit >= threshold, products in double.
TEST(LeopardThresholdTest, TheLeastScoreIsExact) {
  EXPECT_EQ(least_score(0, 0.1), 0);
  EXPECT_EQ(least_score(-0.0, 0.1), 0);
  EXPECT_EQ(least_score(1, 0.5), 2);
  EXPECT_EQ(least_score(std::nextafter(1.0, 2.0), 0.5), 3);
  EXPECT_EQ(least_score(-1, 0.4), -2);
  EXPECT_EQ(least_score(0.3, 0.1), 3) << "3 * 0.1 is above 0.3 in double";
  EXPECT_EQ(least_score(1e100, 1e-9), (std::int64_t{1} << 62) + 1);
  EXPECT_EQ(least_score(-1e100, 1e-9), -(std::int64_t{1} << 62) - 1);
  RandomStream random(15, "least score");
  for (int i = 0; i < 1000; ++i) {
    const double unit = 1e-6 * (random.uniform() + 1e-3), threshold = 20 * random.normal();
    const std::int64_t least = least_score(threshold, unit);
    EXPECT_GE(static_cast<double>(least) * unit, threshold);
    EXPECT_LT(static_cast<double>(least - 1) * unit, threshold);
    const std::int64_t score = static_cast<std::int64_t>(random.below(1 << 23)) - (1 << 22);
    EXPECT_EQ(least_score(static_cast<double>(score) * unit, unit), score);
  }
}

}  // namespace
}  // namespace hdp
