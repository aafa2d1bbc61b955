// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>
#include <support/allocation_counter.hpp>

#include <hdp/base/random.hpp>
#include <hdp/prune/hdp_plan.hpp>

namespace hdp::test {
namespace {

Matrix<std::int32_t> random_codes(std::int64_t rows, std::int64_t columns, std::uint64_t most,
                                  std::uint64_t seed) {
  RandomStream random(seed, "codes");
  Matrix<std::int32_t> codes(rows, columns);
  for (std::int32_t& c : codes.values())
    c = static_cast<std::int32_t>(random.below(2 * most + 1)) - static_cast<std::int32_t>(most);
  return codes;
}

/// Allocations of four more heads of a shape that the planner has seen before.
std::int64_t steady_allocations(const HdpSettings& settings, std::uint64_t most, bool causal) {
  std::vector<Matrix<std::int32_t>> q, k;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    q.push_back(random_codes(21, 13, most, 2 * seed));
    k.push_back(random_codes(75, 13, most, 2 * seed + 1));
    q.back().values()[0] = k.back().values()[0] = static_cast<std::int32_t>(most);
  }
  HdpPlanner planner(settings);
  HdpPlan plan;
  const Problem problem{0, 21, 75, causal};
  planner.load(q[0].view(), k[0].view());
  planner.plan(problem, plan);
  return allocations_in([&] {
    for (std::size_t head = 1; head < q.size(); ++head) {
      planner.load(q[head].view(), k[head].view());
      planner.plan(problem, plan);
    }
  });
}

TEST(HdpPlannerAllocationTest, TheFirstPlanAllocates) {
  const Matrix<std::int32_t> q = random_codes(3, 2, 7, 1);
  HdpPlanner planner(HdpSettings{});
  planner.load(q.view(), q.view());
  HdpPlan plan;
  EXPECT_GT(allocations_in([&] { planner.plan({0, 3, 3, false}, plan); }), 0);
}

TEST(HdpPlannerAllocationTest, TheSteadyStateDoesNotAllocate) {
  for (const std::int64_t b : {1, 2, 3, 16}) {
    for (const std::uint64_t most : {7U, 700U, 8'388'607U}) {  // 16, 32 and 64-bit sums
      for (const PruneRule rule : {PruneRule::Threshold, PruneRule::TopK})
        for (const bool causal : {false, true})
          EXPECT_EQ(steady_allocations({.block_size = b, .rule = rule}, most, causal), 0)
              << "b " << b << " most " << most << " rule " << name_of(rule);
    }
  }
}

TEST(HdpPlannerAllocationTest, SmallerProblemsOfALoadedHeadDoNotAllocate) {
  const Matrix<std::int32_t> q = random_codes(9, 4, 7, 1), k = random_codes(40, 4, 7, 2);
  HdpPlanner planner(HdpSettings{});
  planner.load(q.view(), k.view());
  HdpPlan plan;
  planner.plan({8, 1, 40, true}, plan);
  EXPECT_EQ(allocations_in([&] {
              for (std::int64_t t = 0; t < 9; ++t) planner.plan({t, 1, 32 + t, true}, plan);
            }),
            0);
}

}  // namespace
}  // namespace hdp::test
