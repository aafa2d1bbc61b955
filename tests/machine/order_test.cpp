// SPDX-License-Identifier: Apache-2.0
// Neither the order of ticks, nor skipping, nor another machine in the process changes anything.
#include <algorithm>
#include <numeric>
#include <random>

#include <gtest/gtest.h>
#include <support/allocation_counter.hpp>

#include "machine/bench.hpp"

namespace hdp::test {
namespace {

struct Setting {
  HdpConfig config;
  LayerShape shape{4, 2, 8, 10, 6};
  Problem problem{0, 8, 10, true};
  std::vector<HdpPlan> plans;
};

/// Kept and pruned heads, two at a time, through a narrow memory.
Setting busy_setting(std::int64_t cores) {
  Setting s;
  s.config = unloaded(4, 4);
  s.config.cores = cores;
  s.config.clock_mhz = 1000;
  s.config.memory.bandwidth_mb_per_s = 6'400;
  s.config.memory.latency_cycles = 9;
  s.config.core.contexts = 2;
  s.config.core.k_sram = {200, 2, 32};
  s.config.core.fetch.request_bytes = 24;
  s.config.core.fetch.requests_in_flight = 3;
  s.config.core.softmax.latency_cycles = 11;
  s.config.core.early_keep = true;
  for (std::int64_t h = 0; h < s.shape.heads; ++h)
    s.plans.push_back(plan_of(s.problem, 2, leftmost(s.problem, 2, 1 + h), h != 1));
  return s;
}

Played run_setting(const Setting& s, const BenchOptions& options) {
  return play(s.config, s.shape, s.plans, options);
}

TEST(MachineOrderTest, All5040OrdersOfOneCoreGiveTheSame) {
  const Setting s = busy_setting(1);
  const auto want = accounts(run_setting(s, {IdleCycles::Visit, {}}));
  std::vector<std::size_t> order(7);
  std::iota(order.begin(), order.end(), std::size_t{0});
  do {
    ASSERT_EQ(accounts(run_setting(s, {IdleCycles::Skip, order})), want)
        << testing::PrintToString(order);
    ASSERT_EQ(accounts(run_setting(s, {IdleCycles::Visit, order})), want)
        << testing::PrintToString(order);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(MachineOrderTest, RandomOrdersOfTwoCoresGiveTheSame) {
  const Setting s = busy_setting(2);
  const auto want = accounts(run_setting(s, {IdleCycles::Visit, {}}));
  std::vector<std::size_t> order(12);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937 random(7);
  for (int i = 0; i < 100; ++i) {
    std::shuffle(order.begin(), order.end(), random);
    ASSERT_EQ(accounts(run_setting(s, {IdleCycles::Skip, order})), want);
    ASSERT_EQ(accounts(run_setting(s, {IdleCycles::Visit, order})), want);
  }
}

std::vector<SliceWork> slices_in(const Setting& s) {
  return works_of(s.config, make_layout(s.config, s.shape, s.problem, format_of(s.config)), s.plans,
                  s.problem);
}

TEST(MachineOrderTest, TwoMachinesInOneProcessDoNotMeet) {
  const Setting one = busy_setting(1), two = busy_setting(2);
  const auto works = slices_in(one);
  AttentionMachine a(one.config), b(two.config), alone_a(one.config), alone_b(two.config);
  for (int i = 0; i < 3; ++i) {
    alone_a.play(works);
  }
  for (int i = 0; i < 3; ++i) {
    alone_b.play(works);
  }
  for (int i = 0; i < 3; ++i) {
    a.play(works);
    b.play(works);
  }
  EXPECT_EQ(a.cycles(), alone_a.cycles());
  EXPECT_EQ(b.cycles(), alone_b.cycles());
  EXPECT_LT(b.cycles(), a.cycles());
}

TEST(MachineOrderTest, AMachineCanBeMoved) {
  const Setting s = busy_setting(2);
  const auto works = slices_in(s);
  AttentionMachine first(s.config), other(s.config);
  first.play(works);
  AttentionMachine moved = std::move(first);
  moved.play(works);
  other.play(works);
  other.play(works);
  EXPECT_EQ(moved.cycles(), other.cycles());
}

TEST(MachineOrderTest, ASecondEqualProblemAllocatesNothing) {
  for (const std::int64_t cores : {1, 2}) {
    const Setting s = busy_setting(cores);
    const auto works = slices_in(s);
    AttentionMachine machine(s.config);
    machine.play(works);
    EXPECT_EQ(allocations_in([&] { machine.play(works); }), 0);
  }
}

}  // namespace
}  // namespace hdp::test
