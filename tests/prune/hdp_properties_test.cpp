// SPDX-License-Identifier: Apache-2.0
// What must hold for HDP whatever the numbers: the identities of its definition.
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "prune/hdp_case.hpp"

namespace hdp::test {
namespace {

std::int64_t dot(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), std::int64_t{0}, std::plus<>{},
                            [](std::int64_t x, std::int64_t y) { return x * y; });
}

/// A case of which nothing but the block pruning is arbitrary.
HdpCase case_without_head_pruning() {
  HdpCase c = arbitrary_hdp_case();
  c.settings.tau = -1;
  return c;
}

RC_GTEST_PROP(HdpPropertyTest, TheScoreIsTheFullProductLessFractionTimesFraction, ()) {
  HdpCase c = case_without_head_pruning();
  c.settings.approximation = true;
  PlannedHead planned(c, 0);
  const HdpHead& head = planned.head;
  for (const HdpPlan& plan : planned.plans) {
    for (std::int64_t i = 0; i < plan.problem.queries; ++i) {
      const ScoreRow row = planned.scores(plan, i);
      const std::int64_t query = plan.problem.first_query + i;
      for (std::size_t t = 0; t < row.keys.size(); ++t) {
        const std::int64_t full = dot(head.q.code.row(query), head.k.code.row(row.keys[t]));
        const std::int64_t left_out =
            dot(head.q.fraction.row(query), head.k.fraction.row(row.keys[t]));
        RC_ASSERT(row.scores[t] * (std::int64_t{1} << head.fraction_bits) == full - left_out);
      }
    }
  }
}

RC_GTEST_PROP(HdpPropertyTest, AtTheLowestRhoAndNegativeTauNothingIsPruned, ()) {
  HdpCase c = case_without_head_pruning();
  c.settings.rule = PruneRule::Threshold;
  c.settings.rho = -0.999;  // r = 256: the threshold is the minimum itself
  PlannedHead planned(c, 0);
  for (const HdpPlan& plan : planned.plans) {
    RC_ASSERT(plan.blocks_pruned == 0);
    RC_ASSERT(plan.head_kept);
    RC_ASSERT(!plan.head_limit.has_value());
    RC_ASSERT(plan.kept_entries == plan.problem.entries());
    RC_ASSERT(plan.empty_rows == 0);
    for (std::int64_t i = 0; i < plan.problem.queries; ++i)
      RC_ASSERT(static_cast<std::int64_t>(planned.scores(plan, i).keys.size()) ==
                plan.problem.visible(i));
  }
}

RC_GTEST_PROP(HdpPropertyTest, MasksAreNestedAsRhoGrows, ()) {
  const HdpCase c = arbitrary_hdp_case();
  HdpSettings settings = c.settings;
  settings.rule = PruneRule::Threshold;
  settings.rho = -0.999;
  std::vector<HdpPlan> before = PlannedHead(c, 0, settings).plans;
  for (const double rho : {-0.7, -0.4, -0.01, 0.0, 0.002, 0.3, 0.31, 0.8, 0.999}) {
    settings.rho = rho;
    std::vector<HdpPlan> now = PlannedHead(c, 0, settings).plans;
    for (std::size_t p = 0; p < now.size(); ++p) {
      for (std::int64_t i = 0; i < now[p].mask.rows(); ++i)
        now[p].mask.for_each(i, [&](std::int64_t j) { RC_ASSERT(before[p].mask.kept(i, j)); });
      RC_ASSERT(now[p].blocks_pruned >= before[p].blocks_pruned);
    }
    before.swap(now);
  }
}

RC_GTEST_PROP(HdpPropertyTest, EveryRowOfBlocksKeepsABlock, ()) {
  const HdpCase c = arbitrary_hdp_case();
  for (const HdpPlan& plan : PlannedHead(c, 0).plans)
    for (std::int64_t i = 0; i < plan.mask.rows(); ++i) RC_ASSERT(plan.mask.count(i) >= 1);
}

RC_GTEST_PROP(HdpPropertyTest, RuleTopKKeepsTheSameShareOfEveryRow, ()) {
  HdpCase c = arbitrary_hdp_case();
  c.settings.rule = PruneRule::TopK;
  for (const HdpPlan& plan : PlannedHead(c, 0).plans) {
    const Problem& problem = plan.problem;
    RC_ASSERT(plan.ranked.rows() == plan.mask.rows());
    for (std::int64_t i = 0; i < plan.mask.rows(); ++i) {
      const std::int64_t last = std::min(problem.queries, (i + 1) * plan.block_size) - 1;
      const std::int64_t n = ceil_div(problem.visible(last), plan.block_size);
      RC_ASSERT(std::ssize(plan.ranked.row(i)) == n);
      RC_ASSERT(plan.mask.count(i) == c.settings.kept_of(n));
    }
  }
}

RC_GTEST_PROP(HdpPropertyTest, RuleTopKKeepsTheLargestAndOfEqualsTheLeftmost, ()) {
  HdpCase c = arbitrary_hdp_case();
  c.settings.rule = PruneRule::TopK;
  PlannedHead planned(c, 0);
  for (std::size_t p = 0; p < planned.plans.size(); ++p) {
    const HdpPlan& plan = planned.plans[p];
    for (std::int64_t i = 0; i < plan.mask.rows(); ++i) {
      const auto theta = plan.ranked.row(i);
      for (std::size_t j = 0; j < theta.size(); ++j) {
        RC_ASSERT(theta[j] == planned.details[p].theta.row(i)[j]);
        if (plan.mask.kept(i, static_cast<std::int64_t>(j))) continue;
        for (std::size_t k = 0; k < theta.size(); ++k)
          if (plan.mask.kept(i, static_cast<std::int64_t>(k)))
            RC_ASSERT(theta[k] > theta[j] || (theta[k] == theta[j] && k < j));
      }
    }
  }
}

RC_GTEST_PROP(HdpPropertyTest, MasksAreNestedAsKeepGrowsAndAllOfItKeepsAll, ()) {
  const HdpCase c = arbitrary_hdp_case();
  HdpSettings settings = c.settings;
  settings.rule = PruneRule::TopK;
  std::vector<HdpPlan> before;
  for (const double keep : {0.001, 0.1, 0.3, 0.31, 0.7, 0.999, 1.0}) {
    settings.keep = keep;
    std::vector<HdpPlan> now = PlannedHead(c, 0, settings).plans;
    for (std::size_t p = 0; p < before.size(); ++p)
      for (std::int64_t i = 0; i < now[p].mask.rows(); ++i)
        before[p].mask.for_each(i, [&](std::int64_t j) { RC_ASSERT(now[p].mask.kept(i, j)); });
    before.swap(now);
  }
  for (const HdpPlan& plan : before) RC_ASSERT(plan.blocks_pruned == 0);
}

RC_GTEST_PROP(HdpPropertyTest, RuleTopKDoesNotLookAtRho, ()) {
  HdpCase c = arbitrary_hdp_case();
  c.settings.rule = PruneRule::TopK;
  HdpSettings other = c.settings;
  other.rho = -0.999;
  const std::vector<HdpPlan> a = PlannedHead(c, 0).plans, b = PlannedHead(c, 0, other).plans;
  for (std::size_t p = 0; p < a.size(); ++p)
    for (std::int64_t i = 0; i < a[p].mask.rows(); ++i)
      RC_ASSERT(std::ranges::equal(a[p].mask.words(i), b[p].mask.words(i)));
}

RC_GTEST_PROP(HdpPropertyTest, AHugeTauPrunesTheHeadAndLeavesZeros, ()) {
  const HdpCase c = case_without_head_pruning();
  const std::vector<HdpPlan> kept = PlannedHead(c, 0).plans;
  HdpSettings settings = c.settings;
  settings.tau = 1e15;  // beyond the largest score of 24 bits
  PlannedHead planned(c, 0, settings);
  for (std::size_t p = 0; p < planned.plans.size(); ++p) {
    const HdpPlan& plan = planned.plans[p];
    RC_ASSERT(!plan.head_kept);
    RC_ASSERT(plan.blocks_pruned == kept[p].blocks_pruned);  // the mask is still reported
    RC_ASSERT(plan.kept_entries == kept[p].kept_entries);
    for (std::int64_t i = 0; i < plan.problem.queries; ++i) {
      RC_ASSERT(planned.scores(plan, i).keys.empty());
      RC_ASSERT(std::ranges::all_of(planned.output(plan, i), [](double x) { return x == 0; }));
    }
  }
}

RC_GTEST_PROP(HdpPropertyTest, WithoutFractionBitsTheApproximationIsExact, ()) {
  HdpCase c = case_without_head_pruning();
  HdpSettings settings = c.settings;
  for (auto& tensor : c.values)  // the same codes, with all of their bits in the integer
    for (double& x : tensor) x *= static_cast<double>(std::int64_t{1} << *settings.fraction_bits);
  settings.fraction_bits = 0;
  settings.approximation = true;
  PlannedHead approximate(c, 0, settings);
  settings.approximation = false;
  PlannedHead exact(c, 0, settings);
  RC_ASSERT(
      std::ranges::all_of(exact.head.k.fraction.values(), [](int part) { return part == 0; }));
  for (const HdpPlan& plan : exact.plans) {
    for (std::int64_t i = 0; i < plan.problem.queries; ++i) {
      RC_ASSERT(approximate.scores(plan, i).scores == exact.scores(plan, i).scores);
      RC_ASSERT(approximate.output(plan, i) == exact.output(plan, i));
    }
  }
}

RC_GTEST_PROP(HdpPropertyTest, TheRowsOfBlocksAddUpToTheHead, ()) {
  const HdpCase c = arbitrary_hdp_case();
  for (const HdpPlan& plan : PlannedHead(c, 0).plans)
    RC_ASSERT(std::accumulate(plan.theta_rows.begin(), plan.theta_rows.end(), std::int64_t{0}) ==
              plan.theta_head);
}

}  // namespace
}  // namespace hdp::test
