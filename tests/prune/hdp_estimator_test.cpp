// SPDX-License-Identifier: Apache-2.0
// Probability estimation behind blocks and heads.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/numeric/softmax.hpp>
#include <hdp/prune/hdp_estimator.hpp>
#include <hdp/prune/hdp_scores.hpp>

namespace hdp {
namespace {

HdpSettings settings_of(double threshold, std::vector<std::int64_t> chunks) {
  HdpSettings settings{.split = SplitMode::Floor, .importance = Importance::Signed};
  settings.probability = HdpProbability{threshold, std::move(chunks)};
  return settings;
}

/// A head of the shipped trace, planned and estimated.
class EstimatedHead {
 public:
  EstimatedHead(const HdpSettings& settings, std::int64_t layer, std::int64_t number)
      : scorer_(settings),
        trace_(load_trace(std::filesystem::path(HDP_SOURCE_DIR) /
                          "configs/workloads/minilm_sotu_n64.safetensors")) {
    const HdpFormats formats = hdp_formats(trace_, settings);
    head_.load(trace_, layer, number, formats, settings, true);
    HdpPlanner planner(settings);
    planner.load(std::as_const(head_.q.integer).view(), std::as_const(head_.k.integer).view());
    planner.plan(problems(trace_, layer).front(), plan);
    HdpEstimator estimator(settings, formats.qk.fraction_bits);
    estimator.load(head_);
    estimator.estimate(plan);
    scorer_.load(head_);
  }
  /// Probabilities of a row among its kept entries.
  std::vector<double> probabilities(std::int64_t row) {
    scorer_.scores(plan, row, scores_);
    const double unit = std::exp2(-head_.fraction_bits) / std::sqrt(static_cast<double>(head_.d));
    std::vector<double> p;
    for (const std::int64_t score : scores_.scores) p.push_back(static_cast<double>(score) * unit);
    softmax(p);
    return p;
  }

  HdpPlan plan;

 private:
  HdpScorer scorer_;
  Trace trace_;
  HdpHead head_;
  ScoreRow scores_;
};

TEST(HdpEstimatorTest, NoEntryAboveTheThresholdIsDropped) {
  std::int64_t dropped = 0;
  for (const double threshold : {1e-3, 4e-3, 3e-2})
    for (const auto& chunks : {std::vector<std::int64_t>{}, {4, 4, 4}, {1, 11}})
      for (const bool approximation : {true, false}) {
        HdpSettings settings = settings_of(threshold, chunks);
        settings.rho = -0.9;
        settings.approximation = approximation;
        EstimatedHead head(settings, 2, 3);
        for (std::int64_t i = 0; i < 64; ++i) {
          const std::vector<double> p = head.probabilities(i);
          const auto fates = head.plan.estimates.row(i);
          ASSERT_EQ(p.size(), fates.size());
          for (std::size_t t = 0; t < p.size(); ++t) {
            dropped += static_cast<std::int64_t>(!fates[t].survives);
            // S of the exact product is rounded down, the bound is not.
            EXPECT_TRUE(fates[t].survives || p[t] <= threshold * 1.001) << p[t];
          }
        }
      }
  EXPECT_GT(dropped, 1000);
}

TEST(HdpEstimatorTest, CountsAreThoseOfTheFates) {
  const EstimatedHead head(settings_of(1e-2, {2, 4, 6}), 0, 0);
  const EstimateCounts& counts = head.plan.estimate_counts;
  std::vector<std::int64_t> fetched(3);
  std::int64_t survivors = 0;
  for (std::int64_t i = 0; i < 64; ++i)
    for (const EntryFate& fate : head.plan.estimates.row(i)) {
      survivors += static_cast<std::int64_t>(fate.survives);
      for (std::size_t c = 0; c < fate.chunks; ++c) ++fetched[c];
      EXPECT_TRUE(!fate.survives || fate.chunks == 3);
    }
  EXPECT_EQ(counts.entries, head.plan.kept_entries);
  EXPECT_EQ(counts.survivors, survivors);
  EXPECT_EQ(counts.fetched_per_chunk, fetched);
  EXPECT_EQ(counts.chunks_fetched(), fetched[0] + fetched[1] + fetched[2]);
  EXPECT_EQ(counts.pruned_after[0], counts.entries - fetched[0]);
  EXPECT_EQ(counts.pruned_after[1], fetched[0] - fetched[1]);
  EXPECT_EQ(counts.pruned_after[2], fetched[1] - fetched[2]);
  EXPECT_EQ(counts.pruned_after[3], fetched[2] - survivors);
  EXPECT_LT(survivors, counts.entries);
}

TEST(HdpEstimatorTest, APrunedHeadHasNoEstimates) {
  HdpSettings settings = settings_of(1e-3, {});
  settings.tau = 1e6;
  const EstimatedHead head(settings, 0, 0);
  EXPECT_TRUE(head.plan.estimates.empty());
  EXPECT_EQ(head.plan.estimate_counts.entries, 0);
}

TEST(HdpEstimatorTest, SurvivorsAreWhatIsLeftOfARow) {
  EstimatedHead head(settings_of(1e-2, {4, 8}), 1, 1);
  ScoreRow row;
  for_each_kept(head.plan, 5, [&](std::int64_t key) {
    row.keys.push_back(static_cast<std::int32_t>(key));
    row.scores.push_back(10 * key);
  });
  std::vector<std::int32_t> survivors;
  for (std::size_t t = 0; t < row.keys.size(); ++t)
    if (head.plan.estimates.row(5)[t].survives) survivors.push_back(row.keys[t]);
  keep_survivors(head.plan, 5, row);
  EXPECT_EQ(row.keys, survivors);
  ASSERT_EQ(row.scores.size(), survivors.size());
  for (std::size_t t = 0; t < survivors.size(); ++t) EXPECT_EQ(row.scores[t], 10 * survivors[t]);
}

}  // namespace
}  // namespace hdp
