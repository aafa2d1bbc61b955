// SPDX-License-Identifier: Apache-2.0
#include <utility>
// Hand-made problems with one dimension and a query of 1, where S_int is the keys themselves.
#include <algorithm>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/prune/hdp_plan.hpp>

namespace hdp {
namespace {

using Codes = std::vector<std::int32_t>;

struct Planned {
  HdpPlan plan;
  HdpPlanDetail detail;
};

/// Plans queries `q` over keys `k`, d = 1.
Planned planned(const HdpSettings& settings, const Codes& q, const Codes& k, bool causal = false) {
  const MatrixView<const std::int32_t> queries(q.data(), static_cast<std::int64_t>(q.size()), 1);
  const MatrixView<const std::int32_t> keys(k.data(), static_cast<std::int64_t>(k.size()), 1);
  HdpPlanner planner(settings);
  planner.load(queries, keys);
  Planned result;
  planner.plan({0, queries.rows(), keys.rows(), causal}, result.plan, &result.detail);
  return result;
}

/// Keys that a query of 1 keeps in blocks of one entry.
Codes kept_keys(double rho, const Codes& k, Importance importance = Importance::Absolute) {
  const auto [plan, detail] =
      planned({.block_size = 1, .rho = rho, .importance = importance}, {1}, k);
  Codes kept;
  plan.mask.for_each(0, [&](std::int64_t j) { kept.push_back(k[static_cast<std::size_t>(j)]); });
  return kept;
}

TEST(HdpPlanTest, EqualityWithTheThresholdKeeps) {
  EXPECT_EQ(kept_keys(0, {2, 4, 6}), (Codes{4, 6})) << "the mean is 4";
  EXPECT_EQ(kept_keys(0.5, {1, 5, 6, 4}), (Codes{5, 6})) << "half way from mean 4 to 6";
  EXPECT_EQ(kept_keys(-0.5, {2, 4, 3, 7}), (Codes{4, 3, 7})) << "half way from mean 4 to 2";
  EXPECT_EQ(kept_keys(0.999, {6, 5, 6}), (Codes{6, 6})) << "r = 256: the maximum";
  EXPECT_EQ(kept_keys(0.2, {3, 3, -3}), (Codes{3, 3, -3}));
}

TEST(HdpPlanTest, RhoIsRoundedHalfToEvenIn256ths) {
  // Mean 300, maximum 556: the threshold is 300 + r.
  const Codes k{556, 300, 301, 302, 170, 171};
  EXPECT_EQ(kept_keys(0.5 / 256, k), (Codes{556, 300, 301, 302}));
  EXPECT_EQ(kept_keys(0.75 / 256, k), (Codes{556, 301, 302}));
  EXPECT_EQ(kept_keys(1.5 / 256, k), (Codes{556, 302}));
  EXPECT_EQ(kept_keys(2.5 / 256, k), (Codes{556, 302}));
  EXPECT_EQ(kept_keys(2.75 / 256, k), (Codes{556}));
}

TEST(HdpPlanTest, ImportanceIsTheMagnitudeUnlessItIsSigned) {
  EXPECT_EQ(kept_keys(0, {-10, 1, 2}), (Codes{-10}));
  EXPECT_EQ(kept_keys(0, {-10, 1, 2}, Importance::Signed), (Codes{1, 2}));
  // Mean -7/3, and between two integers: -2 stays, -3 goes.
  EXPECT_EQ(kept_keys(0, {-2, -3, -2}, Importance::Signed), (Codes{-2, -2}));
  const HdpSettings is_signed{.block_size = 1, .importance = Importance::Signed};
  EXPECT_EQ(planned(is_signed, {1}, {-10, 1, 2}).plan.theta_head, 13) << "always magnitudes";
}

TEST(HdpPlanTest, BlocksAtTheEdgesSumTheEntriesThatExist) {
  const auto [plan, detail] = planned({.block_size = 2, .rho = -0.999}, {1, 2, 3}, {1, 1, 1, 1, 5});
  EXPECT_TRUE(std::ranges::equal(detail.theta.row(0), std::vector<std::int64_t>{6, 6, 15}));
  EXPECT_TRUE(std::ranges::equal(detail.theta.row(1), std::vector<std::int64_t>{6, 6, 15}));
  EXPECT_EQ(plan.blocks_existing, 6);
  EXPECT_EQ(plan.kept_entries, 15);
  EXPECT_EQ(plan.theta_rows, (std::vector<std::int64_t>{27, 27}));
  EXPECT_EQ(plan.theta_head, 54);
}

TEST(HdpPlanTest, ABlockThatNoQuerySeesDoesNotExist) {
  const auto [plan, detail] =
      planned({.block_size = 2, .rho = 0}, {1, 1, 1, 1}, {4, 8, 1, 1}, true);
  // Rows of blocks: {4 + 4 + 8} alone, then {24, 1 + 1 + 1}, of which the mean is 13.5.
  EXPECT_TRUE(std::ranges::equal(detail.theta.row(0), std::vector<std::int64_t>{16, 0}));
  EXPECT_TRUE(std::ranges::equal(detail.theta.row(1), std::vector<std::int64_t>{24, 3}));
  EXPECT_EQ(plan.blocks_existing, 3);
  EXPECT_EQ(plan.blocks_pruned, 1);
  EXPECT_TRUE(plan.mask.kept(0, 0));
  EXPECT_FALSE(plan.mask.kept(0, 1));
  EXPECT_TRUE(plan.mask.kept(1, 0));
  EXPECT_EQ(plan.kept_entries, 3 + 4);
}

TEST(HdpPlanTest, ACausalRowWithoutAKeptEntryIsCounted) {
  // Query 0 sees keys 0 and 1, whose block goes; query 1 sees key 2 as well.
  const auto [plan, detail] = planned({.block_size = 2, .rho = 0}, {1, 1}, {1, 1, 10}, true);
  EXPECT_FALSE(plan.mask.kept(0, 0));
  EXPECT_TRUE(plan.mask.kept(0, 1));
  EXPECT_EQ(plan.empty_rows, 1);
  EXPECT_EQ(plan.kept_entries, 1);
}

TEST(HdpPlanTest, TheHeadGoesAtItsLimitAndStaysAboveIt) {
  const auto plan_at = [](double tau, const Codes& k) {
    return planned({.block_size = 1, .tau = tau}, {1}, k).plan;
  };
  const HdpPlan at = plan_at(4, {2, -4, 6});
  EXPECT_EQ(at.theta_head, 12);
  EXPECT_EQ(at.head_limit, 12);
  EXPECT_FALSE(at.head_kept);
  const HdpPlan below = plan_at(3.99, {2, -4, 6});
  EXPECT_EQ(below.head_limit, 11) << "floor(11.97)";
  EXPECT_TRUE(below.head_kept);
  EXPECT_FALSE(plan_at(0, {0, 0}).head_kept);
  EXPECT_TRUE(plan_at(0, {0, 1}).head_kept);
  EXPECT_TRUE(plan_at(-1, {0, 0}).head_kept);
  EXPECT_EQ(plan_at(-1, {0, 0}).head_limit, std::nullopt);
}

TEST(HdpPlanTest, SumsThatMayLeave64BitsAreRefused) {
  const Codes largest(64 * 64, 8'388'607);
  Matrix<std::int32_t> rows(64, 64);
  std::ranges::copy(largest, rows.values().begin());
  HdpPlanner planner({.word_bits = 24, .fraction_bits = 0});
  planner.load(std::as_const(rows).view(), std::as_const(rows).view());
  HdpPlan plan;
  EXPECT_THROW(planner.plan({0, 64, 64, false}, plan), UserError);
  planner.load(std::as_const(rows).view(), std::as_const(rows).view().slice(0, 8));
  EXPECT_NO_THROW(planner.plan({0, 8, 8, false}, plan));
}

TEST(HdpPlanTest, TheLargestTauPrunesTheLargestHead) {
  // tau * entries is 1e19, beyond 64 bits.
  const Codes ones(3200, 1);
  const HdpPlan plan = planned({.block_size = 64, .tau = 1e12}, ones, ones).plan;
  EXPECT_EQ(plan.theta_head, 10'240'000);
  EXPECT_FALSE(plan.head_kept);
}

TEST(HdpPlanTest, SumsThatLeave32BitsAreExact) {
  const auto narrow_scores = planned({.block_size = 2}, {30'000, 30'000}, {60'000, -60'000});
  EXPECT_EQ(narrow_scores.plan.theta_head, 7'200'000'000);
  constexpr std::int32_t most = 8'388'607;
  const auto [plan, detail] = planned({.block_size = 1, .rho = 0.5}, {most}, {most, most - 1});
  EXPECT_EQ(detail.theta.row(0)[0], 70'368'727'400'449);
  EXPECT_EQ(detail.theta.row(0)[1], 70'368'719'011'842);
  EXPECT_EQ(plan.blocks_pruned, 1);
  EXPECT_EQ((detail.s_int_sum_squares >> 64), 536'870'592) << "beyond 64 bits";
}

TEST(HdpPlanTest, ARowMayHaveMoreBlocksThanAWordHasBits) {
  Codes k(131, 1);
  for (const std::size_t j : {0U, 63U, 64U, 127U, 128U, 130U}) k[j] = 50;
  const auto [plan, detail] = planned({.block_size = 1, .rho = 0.9}, {1}, k);
  std::vector<std::int64_t> kept;
  plan.mask.for_each(0, [&](std::int64_t j) { kept.push_back(j); });
  EXPECT_EQ(kept, (std::vector<std::int64_t>{0, 63, 64, 127, 128, 130}));
}

TEST(HdpPlanTest, PlansOfOneHeadDoNotShowTheOneBefore) {
  const Codes q{3, 1}, k{9, 1, 1, 7, 2};
  HdpPlanner planner({.block_size = 2, .rho = 0.3});
  planner.load({q.data(), 2, 1}, {k.data(), 5, 1});
  HdpPlan reused, fresh;
  HdpPlanDetail detail;
  planner.plan({0, 2, 5, false}, reused, &detail);
  planner.plan({0, 1, 5, true}, reused, &detail);
  EXPECT_EQ(detail.s_int_sum, 3 * 20);
  EXPECT_EQ(detail.s_int_sum_squares, 9 * (81 + 1 + 1 + 49 + 4));
  planner.plan({1, 1, 3, true}, reused);
  planner.plan({1, 1, 3, true}, fresh);
  for (const HdpPlan* plan : {&reused, &fresh}) {
    EXPECT_EQ(plan->theta_head, 11);
    EXPECT_EQ(plan->blocks_existing, 2);
    EXPECT_EQ(plan->blocks_pruned, 1);
    EXPECT_EQ(plan->kept_entries, 2);
    EXPECT_EQ(plan->empty_rows, 0);
    EXPECT_EQ(plan->mask.columns(), 2);
  }
  EXPECT_TRUE(std::ranges::equal(reused.mask.words(0), fresh.mask.words(0)));
  EXPECT_EQ(reused.theta_rows, fresh.theta_rows);
}

TEST(HdpPlanTest, TheImportanceOfABlockThatDoesNotExistIsZeroInAUsedDetailToo) {
  const Codes ones(4, 1);
  HdpPlanner planner({.block_size = 2});
  planner.load({ones.data(), 4, 1}, {ones.data(), 4, 1});
  HdpPlan plan;
  HdpPlanDetail detail;
  planner.plan({0, 4, 4, false}, plan, &detail);
  EXPECT_EQ(detail.theta.row(0)[1], 4);
  planner.plan({0, 4, 4, true}, plan, &detail);
  EXPECT_EQ(detail.theta.row(0)[1], 0);
}

TEST(HdpPlanTest, QueriesAndKeysOfDifferentSizeAreOurFault) {
  const Codes codes(6, 1);
  HdpPlanner planner(HdpSettings{});
  EXPECT_THROW(planner.load({codes.data(), 2, 3}, {codes.data(), 3, 2}), LogicFault);
}

}  // namespace
}  // namespace hdp
