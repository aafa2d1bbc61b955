// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/base/random.hpp>
#include <hdp/prune/spatten_decisions.hpp>

namespace hdp {
namespace {

using test::bytes_of;
using test::error_of;
using test::TraceFile;

/// Random values, layer by layer; K twice as wide so that softmax is not flat.
Trace any_trace(const LayerShape& shape, std::int64_t layers, std::int64_t n_ctx = -1) {
  TraceFile file;
  if (n_ctx >= 0)
    file.metadata = {{"stage", "decode"},
                     {"causal", "true"},
                     {"n_ctx", std::to_string(n_ctx)},
                     {"steps", std::to_string(shape.n_q)}};
  RandomStream random(11, "spatten");
  const auto values = [&](std::int64_t count) {
    std::vector<float> all(static_cast<std::size_t>(count));
    for (float& x : all) x = static_cast<float>(2 * random.normal());
    return bytes_of(all);
  };
  for (std::int64_t layer = 0; layer < layers; ++layer) {
    file.add(tensor_name(layer, TensorKind::Q), {shape.heads, shape.n_q, shape.d}, ElementType::F32,
             values(shape.heads * shape.n_q * shape.d));
    for (const TensorKind kind : {TensorKind::K, TensorKind::V})
      file.add(tensor_name(layer, kind), {shape.kv_heads, shape.n_k, shape.d}, ElementType::F32,
               values(shape.kv_heads * shape.n_k * shape.d));
  }
  return file.trace();
}

constexpr LayerShape kHeads{.heads = 4, .kv_heads = 2, .n_q = 12, .n_k = 12, .d = 8};

TEST(SpattenDecisionsTest, WithoutPruningEverythingIsLiveAndTheOutputIsNearlyDense) {
  const SpattenDecisions decisions = decide_spatten(any_trace(kHeads, 3), {}, {}, 1);
  EXPECT_EQ(decisions.total.entries, 3 * 4 * 12 * 12);
  EXPECT_EQ(decisions.total.values_kept, decisions.total.entries);
  EXPECT_EQ(decisions.total.lsb_rows, 0);
  for (const auto& layer : decisions.layers) {
    EXPECT_EQ(layer.kept_tokens, std::vector<std::int64_t>{12});
    EXPECT_EQ(layer.token_cut_margin, std::nullopt);
    for (const auto& head : layer.heads) {
      EXPECT_LT(head.error.relative_frobenius(), 0.01);
      EXPECT_NEAR(static_cast<double>(static_cast<std::int64_t>(head.p.sum)), 12 * 65'536.0, 80);
    }
  }
}

TEST(SpattenDecisionsTest, RemovedTokensLoseTheirQueriesKeysAndValues) {
  SpattenSettings settings;
  settings.token.keep = 0.5;
  const SpattenDecisions decisions = decide_spatten(any_trace(kHeads, 3), settings, {}, 1);
  EXPECT_EQ(decisions.layers[0].counts.entries, 4 * 12 * 12);
  EXPECT_EQ(decisions.layers[1].counts.entries, 4 * 6 * 6);
  EXPECT_EQ(decisions.layers[1].last_tokens_live, decisions.layers[0].last_tokens_kept);
  // The importance of those that are gone stands still.
  const auto& before = decisions.layers[0];
  const auto& after = decisions.layers[1];
  for (std::size_t i = 0; i < 12; ++i) {
    const bool lives = std::ranges::binary_search(after.last_tokens_live, static_cast<int>(i));
    if (!lives) {
      EXPECT_EQ(after.last_token_importance[i], before.last_token_importance[i]);
    } else {
      EXPECT_GT(after.last_token_importance[i], before.last_token_importance[i]);
    }
  }
  EXPECT_GE(before.token_cut_margin, 0);
}

TEST(SpattenDecisionsTest, RemovedHeadsAreNotComputed) {
  SpattenSettings settings;
  settings.head.keep = 0.5;
  const SpattenDecisions decisions = decide_spatten(any_trace(kHeads, 2), settings, {}, 1);
  const auto& kept = decisions.layers[0].heads_kept[0];
  EXPECT_EQ(kept.size(), 2U);
  for (const auto& head : decisions.layers[1].heads) {
    const bool lives = std::ranges::binary_search(kept, static_cast<std::int32_t>(head.head));
    EXPECT_EQ(head.live, std::vector<bool>{lives});
    EXPECT_EQ(head.counts.entries, lives ? 12 * 12 : 0);
  }
}

TEST(SpattenDecisionsTest, LocalValuePruningKeepsAShareOfEveryRow) {
  SpattenSettings settings;
  settings.value_keep = 0.25;
  const SpattenDecisions decisions = decide_spatten(any_trace(kHeads, 1), settings, {}, 1);
  EXPECT_EQ(decisions.total.values_kept, 4 * 12 * 3);
}

TEST(SpattenDecisionsTest, CausalRowsKeepAShareOfWhatTheySee) {
  SpattenSettings settings;
  settings.value_keep = 0.5;
  const SpattenDecisions decisions = decide_spatten(any_trace(kHeads, 1), settings, true, 1);
  std::int64_t kept = 0;
  for (std::int64_t visible = 1; visible <= 12; ++visible)
    kept += std::max<std::int64_t>(1, visible / 2);
  EXPECT_EQ(decisions.total.entries, 4 * 78);
  EXPECT_EQ(decisions.total.values_kept, 4 * kept);
}

TEST(SpattenDecisionsTest, ThresholdsDecideWhoFetchesLowBits) {
  const Trace trace = any_trace(kHeads, 1);
  SpattenSettings settings;
  settings.progressive = {8, 4, 0.0};
  EXPECT_EQ(decide_spatten(trace, settings, {}, 1).total.lsb_rows, 0);
  settings.progressive->threshold = 1.0;
  const SpattenDecisions all = decide_spatten(trace, settings, {}, 1);
  // All rows but those whose largest probability has the code of 1.
  EXPECT_GT(all.total.lsb_rows, 0);
  // Rows that fetch them all end as those of 12-bit keys.
  settings.progressive.reset();
  const SpattenDecisions whole = decide_spatten(trace, settings, {}, 1);
  if (all.total.lsb_rows == 4 * 12) {
    EXPECT_EQ(all.layers[0].heads[0].p_sha256, whole.layers[0].heads[0].p_sha256);
  }
}

TEST(SpattenDecisionsTest, GeneratingKeepsTheNewTokenInItsOwnStep) {
  const LayerShape shape{.heads = 2, .kv_heads = 1, .n_q = 5, .n_k = 13, .d = 8};
  SpattenSettings settings;
  settings.token.keep = 0.3;
  const SpattenDecisions decisions = decide_spatten(any_trace(shape, 3, 8), settings, {}, 1);
  EXPECT_TRUE(decisions.causal);
  EXPECT_EQ(decisions.layers[0].live_tokens, (std::vector<std::int64_t>{9, 10, 11, 12, 13}));
  EXPECT_EQ(decisions.layers[0].kept_tokens, (std::vector<std::int64_t>{2, 3, 3, 3, 3}));
  for (const auto& layer : decisions.layers)
    EXPECT_TRUE(std::ranges::binary_search(layer.last_tokens_kept, 12));
}

TEST(SpattenDecisionsTest, ThreadsChangeNothing) {
  SpattenSettings settings;
  settings.token.keep = 0.6;
  settings.head.keep = 0.75;
  const Trace trace = any_trace(kHeads, 3);
  const SpattenDecisions one = decide_spatten(trace, settings, {}, 1);
  const SpattenDecisions four = decide_spatten(trace, settings, {}, 4);
  for (std::size_t layer = 0; layer < 3; ++layer) {
    EXPECT_EQ(one.layers[layer].token_importance_sha256,
              four.layers[layer].token_importance_sha256);
    for (std::size_t head = 0; head < 4; ++head)
      EXPECT_EQ(one.layers[layer].heads[head].out_sha256,
                four.layers[layer].heads[head].out_sha256);
  }
}

TEST(SpattenDecisionsTest, LayersThatDifferAndShortSchedulesAreMistakes) {
  TraceFile file;
  file.add_layer(0, kHeads).add_layer(1, {4, 2, 10, 10, 8});
  const Trace uneven = file.trace();
  EXPECT_EQ(error_of([&] { decide_spatten(uneven, {}, {}, 1); }),
            "t: layers.1: has other tokens or heads than layer 0; allowed: the same in all layers, "
            "as the cascade goes through them");
  SpattenSettings settings;
  settings.token = {.kind = KeepSchedule::Kind::Step, .steps = {1, 0.5}};
  EXPECT_EQ(error_of([&] { decide_spatten(any_trace(kHeads, 3), settings, {}, 1); }),
            "/settings/token/keep: 2 shares; allowed: one a layer, 3");
}

}  // namespace
}  // namespace hdp
