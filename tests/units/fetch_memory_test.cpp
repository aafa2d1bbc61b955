// SPDX-License-Identifier: Apache-2.0
// Fetch units that share an ideal memory.
#include <algorithm>
#include <deque>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <support/allocation_counter.hpp>
#include <support/ends.hpp>
#include <support/orders.hpp>

#include <hdp/memory/memory.hpp>
#include <hdp/units/fetch_unit.hpp>

namespace hdp::test {
namespace {

struct Plan {
  std::int64_t bandwidth = 25'600;
  std::int64_t latency = 100;
  FetchConfig fetch{};
  std::size_t request_slots = 2, response_slots = 64, done_slots = 2;
  Cycles gap{1};
  std::vector<FetchRange> ranges{};                         // shared by all commands
  std::vector<std::vector<Timed<FetchCommand>>> clients{};  // `context` is the first range here
};

struct FetchNet final : Netlist {
  explicit FetchNet(Plan wanted) : plan(std::move(wanted)) {
    MemoryConfig config;
    config.bandwidth_mb_per_s = plan.bandwidth;
    config.latency_cycles = plan.latency;
    std::vector<TransferPort*> all;
    for (auto& work : plan.clients) {
      for (auto& [at, command] : work) command.ranges = plan.ranges.data() + command.context;
      auto& in = commands.emplace_back(std::size_t{2});
      auto& out = done.emplace_back(plan.done_slots);
      TransferPort& port = ports.emplace_back(plan.request_slots, plan.response_slots);
      feeders.emplace_back("commands", in, work);
      units.emplace_back("fetch", plan.fetch, in, out, port);
      takers.emplace_back("done", out, plan.gap);
      all.push_back(&port);
    }
    memory = make_memory(config, 1'000, all);
  }
  std::vector<Component*> parts() override {
    std::vector<Component*> all{memory.get()};
    for (std::size_t i = 0; i < units.size(); ++i) {
      all.insert(all.end(), {&units[i], &feeders[i], &takers[i]});
    }
    return all;
  }
  void write(Trace& trace) const override {
    write_time(trace, memory->time());
    const MemoryStats& stats = memory->stats();
    trace.insert(trace.end(), {stats.reads, stats.writes, stats.read_bytes, stats.written_bytes});
    for (std::size_t i = 0; i < units.size(); ++i) {
      write_time(trace, units[i].time());
      trace.push_back(units[i].requests());
      for (const TensorBytes& bytes : {units[i].read_bytes(), units[i].written_bytes()}) {
        trace.insert(trace.end(), bytes.begin(), bytes.end());
      }
      for (const auto& [at, finished] : takers[i].seen) {
        trace.insert(trace.end(), {at.index, std::int64_t{finished.context}});
      }
    }
  }

  Plan plan;
  std::deque<Channel<FetchCommand>> commands;
  std::deque<Channel<FetchDone>> done;
  std::deque<TransferPort> ports;
  std::deque<Feeder<FetchCommand>> feeders;
  std::deque<FetchUnit> units;
  std::deque<Taker<FetchDone>> takers;
  std::unique_ptr<Memory> memory;
};

Cycle done_seen_at(Plan plan, std::uint32_t bytes) {
  plan.ranges = {{0, bytes}};
  plan.clients = {{{Cycle{0}, {.count = 1}}}};
  FetchNet net(plan);
  outcome(net, {}, IdleCycles::Skip);
  return net.takers.at(0).seen.at(0).at;
}

TEST(FetchMemoryTest, AnUnloadedCommandTakesTheCyclesOfThePage) {
  // The command is seen at t = 1, its first request by the memory at t + 1.
  EXPECT_EQ(done_seen_at({}, 64), Cycle{1 + 1 + 3 + 100 + 1 + 1});
  EXPECT_EQ(done_seen_at({}, 256), Cycle{1 + 1 + 10 + 100 + 1 + 1});
  // 40 requests of 10 cycles each: the pipe never starves.
  EXPECT_EQ(done_seen_at({}, 10'240), Cycle{1 + 1 + 400 + 100 + 1 + 1});
  // Requests that take less than a cycle: one a cycle is the limit.
  EXPECT_EQ(done_seen_at({.bandwidth = 1'000'000}, 256 * 40), Cycle{1 + 1 + 39 + 1 + 100 + 1 + 1});
}

TEST(FetchMemoryTest, RequestsUnderWayLimitTheRate) {
  for (const std::int64_t latency : {0, 1, 4, 5, 6, 100}) {
    for (std::int64_t limit = 1; limit <= 9; ++limit) {
      Plan plan{.bandwidth = 1'000'000, .latency = latency};
      plan.fetch.requests_in_flight = limit;
      // Groups of `limit`; there and back takes a request a cycle more than the latency and two.
      const std::int64_t period = std::max(limit, latency + 3);
      const std::int64_t last_asked = 1 + 39 / limit * period + 39 % limit;
      EXPECT_EQ(done_seen_at(plan, 256 * 40), Cycle{last_asked + 1 + 1 + latency + 1 + 1})
          << "latency " << latency << ", limit " << limit;
    }
  }
}

TEST(FetchMemoryTest, OneFetchUnitAndAMemoryAreOrderFree) {
  Plan plan{.latency = 30, .ranges = {{0, 700}, {4'096, 1}, {8'192, 0}, {64, 256}}};
  plan.clients = {{{Cycle{0}, {.count = 4}},
                   {Cycle{0}, {.count = 0}},
                   {Cycle{3}, {.count = 1, .context = 2}},
                   {Cycle{90}, {.count = 1, .context = 3, .tensor = Tensor::Out, .write = true}},
                   {Cycle{90}, {.count = 2, .context = 1}}}};
  expect_order_free([&] { return std::make_unique<FetchNet>(plan); });
  plan.request_slots = plan.response_slots = plan.done_slots = 1;
  plan.gap = {50};
  plan.fetch.requests_in_flight = 2;
  plan.fetch.request_bytes = 64;
  expect_order_free([&] { return std::make_unique<FetchNet>(plan); });
}

TEST(FetchMemoryTest, TwoFetchUnitsAndAMemoryAreOrderFree) {
  Plan plan{.latency = 12, .ranges = {{0, 300}, {512, 64}}};
  plan.clients = {{{Cycle{0}, {.count = 2}}, {Cycle{2}, {.count = 1, .context = 1}}},
                  {{Cycle{1}, {.count = 1}}, {Cycle{40}, {.count = 0}}}};
  plan.fetch.request_bytes = 64;
  plan.response_slots = 1;
  expect_order_free([&] { return std::make_unique<FetchNet>(plan); });
}

TEST(FetchMemoryTest, ThreeFetchUnitsShareTheBandwidthEqually) {
  Plan plan{.bandwidth = 64'000, .latency = 10, .ranges = {{0, 64'000}}};
  plan.fetch.request_bytes = 64;
  plan.clients.assign(3, {{Cycle{0}, {.count = 1}}});
  FetchNet net(plan);
  outcome(net, {}, IdleCycles::Skip);
  // 3 * 1000 requests of a cycle each, in turns, from cycle 2 on.
  for (std::int64_t i = 0; i < 3; ++i) {
    const auto at = net.takers.at(static_cast<std::size_t>(i)).seen.at(0).at;
    EXPECT_EQ(at, Cycle{2 + 2'998 + i + 10 + 1 + 1});
  }
  EXPECT_EQ(net.memory->time().busy(), Cycles{3'000});
}

Plan random_plan() {
  Plan plan;
  plan.bandwidth = *rc::gen::inRange(1'000, 300'000);
  plan.latency = *rc::gen::inRange(0, 120);
  plan.fetch.request_bytes = *rc::gen::inRange(1, 300);
  plan.fetch.requests_in_flight = *rc::gen::inRange(1, 20);
  plan.request_slots = *rc::gen::inRange<std::size_t>(1, 4);
  plan.response_slots = *rc::gen::inRange<std::size_t>(1, 20);
  plan.done_slots = *rc::gen::inRange<std::size_t>(1, 4);
  plan.gap = {*rc::gen::inRange(1, 40)};
  for (std::uint64_t i = 0; i < 12; ++i) {
    plan.ranges.push_back({4'096 * i, *rc::gen::inRange<std::uint32_t>(0, 800)});
  }
  plan.clients.resize(*rc::gen::inRange<std::size_t>(1, 4));
  for (auto& work : plan.clients) {
    Cycle at{0};
    const auto count = *rc::gen::inRange(0, 25);
    for (int i = 0; i < count; ++i) {
      at = at + Cycles{*rc::gen::inRange(0, 3) == 0 ? *rc::gen::inRange(0, 200) : 0};
      const auto first = *rc::gen::inRange<std::uint32_t>(0, 12);
      const auto tensor = static_cast<Tensor>(*rc::gen::inRange(0, static_cast<int>(kTensors)));
      work.push_back({at,
                      {.count = *rc::gen::inRange<std::uint32_t>(0, 13 - first),
                       .context = first,
                       .tensor = tensor,
                       .write = *rc::gen::arbitrary<bool>()}});
    }
  }
  return plan;
}

RC_GTEST_PROP(FetchMemoryTest, BytesAskedForAreBytesDeliveredTensorByTensorSkippingOrNot, ()) {
  const Plan plan = random_plan();
  FetchNet skipped(plan), visited(plan);
  RC_ASSERT(outcome(skipped, {}, IdleCycles::Skip) == outcome(visited, {}, IdleCycles::Visit));
  std::int64_t read = 0, written = 0, requests = 0, requests_wanted = 0;
  for (std::size_t i = 0; i < plan.clients.size(); ++i) {
    TensorBytes want_read{}, want_written{};
    for (const auto& [at, command] : plan.clients[i]) {
      TensorBytes& want = command.write ? want_written : want_read;
      for (std::uint32_t k = 0; k < command.count; ++k) {
        const std::int64_t bytes = plan.ranges[command.context + k].bytes;
        want[static_cast<std::size_t>(command.tensor)] += bytes;
        requests_wanted += ceil_div(bytes, plan.fetch.request_bytes);
      }
    }
    RC_ASSERT(skipped.units[i].read_bytes() == want_read);
    RC_ASSERT(skipped.units[i].written_bytes() == want_written);
    RC_ASSERT(skipped.takers[i].seen.size() == plan.clients[i].size());
    for (const std::int64_t bytes : want_read) read += bytes;
    for (const std::int64_t bytes : want_written) written += bytes;
    requests += skipped.units[i].requests();
  }
  const MemoryStats& stats = skipped.memory->stats();
  RC_ASSERT(stats.read_bytes == read && stats.written_bytes == written);
  RC_ASSERT(stats.reads + stats.writes == requests && requests == requests_wanted);
}

TEST(FetchMemoryTest, TheSteadyStateDoesNotAllocate) {
  Plan plan{.ranges = {{0, 1'000}, {2'048, 64}}};
  std::vector<Timed<FetchCommand>> work;
  for (int i = 0; i < 2'000; ++i) work.push_back({Cycle{0}, {.count = 2}});
  plan.clients.assign(3, work);
  for (const IdleCycles mode : {IdleCycles::Skip, IdleCycles::Visit}) {
    FetchNet net(plan);
    Engine engine(mode);
    for (Component* part : net.parts()) engine.add(*part);
    engine.run_for(Cycles{1'000});
    EXPECT_EQ(allocations_in([&] { engine.run_for(Cycles{10'000}); }), 0);
    EXPECT_GT(net.memory->stats().reads, 1'000);
  }
}

}  // namespace
}  // namespace hdp::test
