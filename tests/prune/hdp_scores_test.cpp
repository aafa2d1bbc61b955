// SPDX-License-Identifier: Apache-2.0
// Hand-made heads: 8-bit codes with two fraction bits, one dimension.
#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "prune/hdp_case.hpp"

namespace hdp::test {
namespace {

/// Codes over 2^2 become the values of one head.
HdpCase quarter_codes(std::vector<double> q, std::vector<double> k, std::vector<double> v) {
  HdpCase c;
  c.settings = {.word_bits = 8, .fraction_bits = 2, .block_size = 1, .rho = -0.999};
  c.shape = {.heads = 1,
             .kv_heads = 1,
             .n_q = static_cast<std::int64_t>(q.size()),
             .n_k = static_cast<std::int64_t>(k.size()),
             .d = 1};
  c.values = {std::move(q), std::move(k), std::move(v)};
  for (auto& tensor : c.values)
    for (double& x : tensor) x /= 4;
  return c;
}

std::vector<std::int64_t> scores(const HdpCase& c) {
  PlannedHead planned(c, 0);
  return planned.scores(planned.plans[0], 0).scores;
}

TEST(HdpScoresTest, TheApproximationLeavesOutFractionTimesFraction) {
  // 5 = 1 * 4 + 1 and -6 = -1 * 4 - 2: (1 * -1 << 2) + 1 * -2 + 1 * -1.
  HdpCase c = quarter_codes({5}, {-6, 7, 2}, {0, 0, 0});
  EXPECT_EQ(scores(c), (std::vector<std::int64_t>{-7, 8, 2}));
  c.settings.split = SplitMode::Floor;  // -6 = -2 * 4 + 2
  EXPECT_EQ(scores(c), (std::vector<std::int64_t>{-8, 8, 2}));
  c.settings.split = SplitMode::Nearest;  // -6 = -1 * 4 - 2, 7 = 2 * 4 - 1, 2 = 1 * 4 - 2
  EXPECT_EQ(scores(c), (std::vector<std::int64_t>{-7, 9, 3}));
}

TEST(HdpScoresTest, TheExactProductIsRoundedDown) {
  HdpCase c = quarter_codes({5}, {-6, 7, 2, -4}, {0, 0, 0, 0});
  c.settings.approximation = false;
  EXPECT_EQ(scores(c), (std::vector<std::int64_t>{-8, 8, 2, -5})) << "-30/4, 35/4, 10/4, -20/4";
}

TEST(HdpScoresTest, OnlyKeptKeysHaveScores) {
  HdpCase c = quarter_codes({4}, {4, 40, 8, 60}, {0, 0, 0, 0});
  c.settings.rho = 0;
  PlannedHead planned(c, 0);
  const ScoreRow row = planned.scores(planned.plans[0], 0);
  EXPECT_EQ(row.keys, (std::vector<std::int32_t>{1, 3}));
  EXPECT_EQ(row.scores, (std::vector<std::int64_t>{40, 60}));
}

TEST(HdpOutputTest, PrunedEntriesLeaveTheSoftmaxOrTakePartWithScoreZero) {
  HdpCase c = quarter_codes({4}, {4, 8, -1}, {4, 8, 12});  // S / 4 = 1, 2 and pruned; V = 1, 2, 3
  c.settings.rho = 0;
  // Mean of |S_int| 1, 2, 0 is 1.
  const double e1 = std::exp(1.0), e2 = std::exp(2.0);
  PlannedHead exclude(c, 0);
  EXPECT_EQ(exclude.plans[0].kept_entries, 2);
  EXPECT_NEAR(exclude.output(exclude.plans[0], 0)[0], (e1 + 2 * e2) / (e1 + e2), 1e-14);
  c.settings.masked = Masked::Zero;
  PlannedHead zero(c, 0);
  EXPECT_NEAR(zero.output(zero.plans[0], 0)[0], (e1 + 2 * e2 + 3) / (e1 + e2 + 1), 1e-14);
}

TEST(HdpOutputTest, ACausalRowWithoutAKeptEntryIsZeroUnlessItsEntriesTakePart) {
  HdpCase c = quarter_codes({4, 4}, {4, 4, 40}, {4, 8, 12});
  c.causal = true;
  c.settings.block_size = 2;
  c.settings.rho = 0;
  PlannedHead exclude(c, 0);
  const HdpPlan& plan = exclude.plans[0];
  EXPECT_EQ(plan.empty_rows, 1);
  EXPECT_TRUE(exclude.scores(plan, 0).keys.empty());
  EXPECT_EQ(exclude.output(plan, 0), std::vector<double>{0});
  EXPECT_EQ(exclude.output(plan, 1), std::vector<double>{3});
  c.settings.masked = Masked::Zero;
  PlannedHead zero(c, 0);
  EXPECT_EQ(zero.plans[0].empty_rows, 1);
  EXPECT_EQ(zero.output(zero.plans[0], 0), std::vector<double>{1.5}) << "keys 0 and 1, equally";
}

TEST(HdpOutputTest, APrunedHeadIsZeroEvenWherePrunedEntriesTakePart) {
  HdpCase c = quarter_codes({4}, {4, 8}, {4, 8});
  c.settings.tau = 100;
  for (const Masked masked : {Masked::Exclude, Masked::Zero}) {
    c.settings.masked = masked;
    PlannedHead planned(c, 0);
    EXPECT_TRUE(planned.scores(planned.plans[0], 0).keys.empty());
    EXPECT_EQ(planned.output(planned.plans[0], 0), std::vector<double>{0});
  }
}

}  // namespace
}  // namespace hdp::test
