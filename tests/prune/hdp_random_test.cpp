// SPDX-License-Identifier: Apache-2.0
// The library against the definition written down as loops, on random small problems.
#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "prune/hdp_case.hpp"
#include "prune/naive_hdp.hpp"

namespace hdp::test {
namespace {

void check_plan(const HdpPlan& plan, const HdpPlanDetail& detail, const NaiveResult& want) {
  RC_ASSERT(plan.problem.entries() == want.entries);
  RC_ASSERT(plan.theta_head == want.theta_head);
  RC_ASSERT(plan.theta_rows == want.theta_rows);
  RC_ASSERT(plan.head_limit == want.head_limit);
  RC_ASSERT(plan.head_kept == want.head_kept);
  RC_ASSERT(plan.blocks_existing == want.existing);
  RC_ASSERT(plan.blocks_pruned == want.pruned);
  RC_ASSERT(plan.kept_entries == want.kept_entries);
  RC_ASSERT(plan.empty_rows == want.empty_rows);
  RC_ASSERT((detail.s_int_sum == want.s_int_sum));
  RC_ASSERT((detail.s_int_sum_squares == want.s_int_sum_squares));
  RC_ASSERT(plan.mask.rows() == static_cast<std::int64_t>(want.kept.size()));
  RC_ASSERT(plan.mask.columns() == static_cast<std::int64_t>(want.kept[0].size()));
  for (std::int64_t i = 0; i < plan.mask.rows(); ++i) {
    const auto row = static_cast<std::size_t>(i);
    RC_ASSERT(std::ranges::equal(detail.theta.row(i), want.theta[row]));
    for (std::int64_t j = 0; j < plan.mask.columns(); ++j)
      RC_ASSERT(plan.mask.kept(i, j) == want.kept[row][static_cast<std::size_t>(j)]);
  }
}

void check_rows(PlannedHead& planned, const HdpPlan& plan, const NaiveResult& want) {
  double largest = 1;
  for (const double v : planned.head.v.values()) largest = std::max(largest, std::abs(v));
  for (std::int64_t i = 0; i < plan.problem.queries; ++i) {
    const auto row = static_cast<std::size_t>(i);
    const ScoreRow scores = planned.scores(plan, i);
    RC_ASSERT(scores.keys == want.keys[row]);
    RC_ASSERT(scores.scores == want.scores[row]);
    const std::vector<double> out = planned.output(plan, i);
    for (std::size_t e = 0; e < out.size(); ++e)
      RC_ASSERT(std::abs(out[e] - want.out[row][e]) <= 1e-9 * largest);
  }
}

RC_GTEST_PROP(HdpRandomTest, PlansScoresAndOutputsAreThoseOfTheDefinition, ()) {
  const HdpCase c = arbitrary_hdp_case();
  RC_LOG() << c.describe() << "\n";
  for (std::int64_t head = 0; head < c.shape.heads; ++head) {
    PlannedHead planned(c, head);
    for (std::size_t p = 0; p < planned.plans.size(); ++p) {
      const HdpPlan& plan = planned.plans[p];
      const NaiveResult want = naive_hdp(c.naive(head, plan.problem), c.settings);
      check_plan(plan, planned.details[p], want);
      check_rows(planned, plan, want);
    }
  }
}

}  // namespace
}  // namespace hdp::test
