// SPDX-License-Identifier: Apache-2.0
// The outcome depends neither on the order of ticks, in any order, nor on skipping.
#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>
#include <kernel/graphs.hpp>

namespace hdp::test {
namespace {

using Build = Graph (*)();

struct Outcome {
  Trace trace;
  Cycle idle_at{0};
  std::int64_t ticks = 0;
};

/// Runs until idle, then some cycles more, so that a component put to sleep too long is found out.
Outcome run(Build build, const std::vector<std::size_t>& order, IdleCycles idle_cycles) {
  Graph graph = build();
  Engine engine(idle_cycles);
  for (const auto& toy : graph.toys) engine.add(*toy);
  engine.set_order(order);
  engine.run_until_idle(Cycle{10'000});
  Outcome outcome{{engine.now().index}, engine.now()};
  engine.run_for(Cycles{50});
  engine.close_all();
  for (const auto& toy : graph.toys) {
    toy->write(outcome.trace);
    const CriticalPath& path = toy->path();
    for (std::size_t i = 0; i < CriticalPath::kAccounts; ++i)
      outcome.trace.insert(outcome.trace.end(), {path[i].work, path[i].latency});
    outcome.ticks += toy->ticks;
  }
  for (const auto& channel : graph.channels) {
    outcome.trace.push_back(static_cast<std::int64_t>(channel->size()));
  }
  return outcome;
}

void expect_order_free(Build build) {
  std::vector<std::size_t> order(build().toys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const Outcome want = run(build, order, IdleCycles::Visit);
  do {
    ASSERT_EQ(run(build, order, IdleCycles::Visit).trace, want.trace)
        << "visit, order " << testing::PrintToString(order);
    ASSERT_EQ(run(build, order, IdleCycles::Skip).trace, want.trace)
        << "skip, order " << testing::PrintToString(order);
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_LT(run(build, order, IdleCycles::Skip).ticks, want.ticks / 2);
}

template <int kService, int kSinkGap, std::size_t kCapacity, int kLatency>
Graph pipeline() {
  Graph graph;
  auto& a = graph.channel(kCapacity, {kLatency});
  auto& b = graph.channel(1, {1});
  auto& c = graph.channel(kCapacity, {kLatency});
  auto& d = graph.channel(2, {7});
  graph.add<Source>("source", a, 12);
  graph.add<Stage>("first", a, b, Cycles{1});
  graph.add<Stage>("second", b, c, Cycles{kService});
  graph.add<Stage>("third", c, d, Cycles{1});
  graph.add<Sink>("sink", d, Cycles{kSinkGap});
  return graph;
}

Graph fork_and_join() {
  Graph graph;
  auto& in = graph.channel(2, {1});
  auto& left = graph.channel(1, {1});
  auto& right = graph.channel(3, {9});
  auto& left_out = graph.channel(1, {4});
  auto& joined = graph.channel(1, {2});
  auto& odd = graph.wire();
  graph.add<Source>("source", in, 10, Cycles{2});
  graph.add<Fork>("fork", in, left, right);
  graph.add<Stage>("stage", left, left_out, Cycles{5});
  graph.add<Join>("join", left_out, right, joined, odd);
  graph.add<Sink>("sink", joined, Cycles{6});
  graph.add<Watcher>("watcher", odd);
  return graph;
}

template <int kCredits>
Graph credit_loop() {
  Graph graph;
  auto& data = graph.channel(2, {3});
  auto& worked = graph.channel(1, {1});
  auto& results = graph.channel(2, {11});
  auto& credits = graph.channel(4, {1});
  auto& odd = graph.wire();
  auto& none = graph.channel(1, {1});
  graph.add<Lender>("lender", data, credits, kCredits, 15);
  graph.add<Stage>("worker", data, worked, Cycles{4});
  graph.add<Fork>("fork", worked, results, none);
  graph.add<Sink>("drain", none, Cycles{2});
  graph.add<Join>("join", results, graph.channel(1, {1}), credits, odd);
  return graph;
}

/// A burst of both ends in every cycle: what a same-cycle reuse of slots would change.
Graph tight_pair() {
  Graph graph;
  auto& link = graph.channel(1, {1});
  auto& slow = graph.channel(2, {5});
  graph.add<Source>("fast", link, 20);
  graph.add<Sink>("taker", link);
  graph.add<Source>("slow", slow, 5, Cycles{23});
  graph.add<Sink>("waiter", slow);
  return graph;
}

TEST(OrderTest, APipelineWithBackPressureIsOrderFree) {
  expect_order_free(pipeline<3, 9, 1, 1>);
  expect_order_free(pipeline<13, 1, 2, 1>);
  expect_order_free(pipeline<1, 17, 3, 4>);
  expect_order_free(pipeline<20, 1, 1, 6>);
}

TEST(OrderTest, AForkAndAJoinWithAnArbiterAreOrderFree) { expect_order_free(fork_and_join); }

TEST(OrderTest, ALoopOfCreditsIsOrderFree) {
  expect_order_free(credit_loop<1>);
  expect_order_free(credit_loop<2>);
}

TEST(OrderTest, EndsThatMeetInEveryCycleAreOrderFree) { expect_order_free(tight_pair); }

}  // namespace
}  // namespace hdp::test
