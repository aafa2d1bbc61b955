// SPDX-License-Identifier: Apache-2.0
// Several clients at once: order of ticks, skipping, conservation, fairness, allocation.
#include <deque>

#include <gtest/gtest.h>
#include <memory/memory_bench.hpp>
#include <rapidcheck/gtest.h>
#include <support/allocation_counter.hpp>
#include <support/ends.hpp>
#include <support/orders.hpp>

namespace hdp::test {
namespace {

using Requests = std::vector<Timed<TransferRequest>>;

struct Traffic {
  std::int64_t bandwidth = 25'600;
  std::int64_t latency = 20;
  std::size_t request_slots = 2, response_slots = 2;
  Cycles gap{1};
  std::vector<Requests> clients{};
};

struct MemoryNet final : Netlist {
  explicit MemoryNet(const Traffic& traffic) {
    MemoryConfig config;
    config.bandwidth_mb_per_s = traffic.bandwidth;
    config.latency_cycles = traffic.latency;
    std::vector<TransferPort*> all;
    for (const Requests& requests : traffic.clients) {
      TransferPort& port = ports.emplace_back(traffic.request_slots, traffic.response_slots);
      feeders.emplace_back("feeder", port.requests, requests);
      takers.emplace_back("taker", port.responses, traffic.gap);
      all.push_back(&port);
    }
    memory = make_memory(config, 1'000, all);
  }
  std::vector<Component*> parts() override {
    std::vector<Component*> all{memory.get()};
    for (auto& feeder : feeders) all.push_back(&feeder);
    for (auto& taker : takers) all.push_back(&taker);
    return all;
  }
  void write(Trace& trace) const override {
    write_time(trace, memory->time());
    const MemoryStats& stats = memory->stats();
    trace.insert(trace.end(), {stats.reads, stats.writes, stats.read_bytes, stats.written_bytes});
    for (const auto& taker : takers) {
      for (const auto& [at, response] : taker.seen) {
        trace.insert(trace.end(), {at.index, std::int64_t{response.tag}});
      }
    }
  }

  std::deque<TransferPort> ports;
  std::deque<Feeder<TransferRequest>> feeders;
  std::deque<Taker<TransferResponse>> takers;
  std::unique_ptr<Memory> memory;
};

Requests stream(std::uint32_t count, std::uint32_t bytes, Cycles gap) {
  Requests requests;
  for (std::uint32_t i = 0; i < count; ++i) {
    requests.push_back({Cycle{0} + gap * i, {.bytes = bytes, .tag = i, .write = i % 3 == 2}});
  }
  return requests;
}

void expect_traffic_is_order_free(const Traffic& traffic) {
  expect_order_free([&] { return std::make_unique<MemoryNet>(traffic); });
}

TEST(MemoryTrafficTest, TwoClientsAreOrderFree) {
  const std::vector<Requests> clients{stream(12, 64, {1}), stream(7, 100, {9})};
  expect_traffic_is_order_free({.clients = clients});
  expect_traffic_is_order_free({.latency = 0, .response_slots = 1, .clients = clients});
  expect_traffic_is_order_free(
      {.bandwidth = 300'000, .response_slots = 1, .gap = {13}, .clients = clients});
  expect_traffic_is_order_free(
      {.bandwidth = 3'333, .latency = 5, .request_slots = 1, .clients = clients});
}

RC_GTEST_PROP(MemoryTrafficTest, SkippingGivesTheSameAsVisitingAndNoByteIsLost, ()) {
  Traffic traffic;
  traffic.bandwidth = *rc::gen::inRange(500, 300'000);
  traffic.latency = *rc::gen::inRange(0, 60);
  traffic.request_slots = *rc::gen::inRange<std::size_t>(1, 6);
  traffic.response_slots = *rc::gen::inRange<std::size_t>(1, 6);
  traffic.gap = {*rc::gen::inRange(1, 12)};
  traffic.clients.resize(*rc::gen::inRange<std::size_t>(1, 5));
  std::int64_t read = 0, written = 0;
  for (Requests& requests : traffic.clients) {
    Cycle at{0};
    const auto count = *rc::gen::inRange<std::uint32_t>(0, 30);
    for (std::uint32_t i = 0; i < count; ++i) {
      at = at + Cycles{*rc::gen::inRange(0, 4) == 0 ? *rc::gen::inRange(0, 100) : 0};
      const auto bytes = *rc::gen::inRange<std::uint32_t>(1, 400);
      const bool write = *rc::gen::arbitrary<bool>();
      requests.push_back({at, {.bytes = bytes, .tag = i, .write = write}});
      (write ? written : read) += bytes;
    }
  }
  MemoryNet skipped(traffic), visited(traffic);
  const Trace trace = outcome(skipped, {}, IdleCycles::Skip);
  RC_ASSERT(trace == outcome(visited, {}, IdleCycles::Visit));
  RC_ASSERT(skipped.memory->stats().read_bytes == read);
  RC_ASSERT(skipped.memory->stats().written_bytes == written);
  for (std::size_t i = 0; i < traffic.clients.size(); ++i) {
    RC_ASSERT(skipped.takers[i].seen.size() == traffic.clients[i].size());
    for (std::size_t k = 0; k < traffic.clients[i].size(); ++k) {
      RC_ASSERT(skipped.takers[i].seen[k].value.tag == k);
    }
  }
}

TEST(MemoryTrafficTest, BusyClientsGetEqualSharesWhateverTheirNumber) {
  for (const std::size_t clients : {2U, 3U, 5U}) {
    Traffic traffic{.bandwidth = 64'000, .response_slots = 64};
    traffic.clients.assign(clients, stream(2'000, 64, {0}));
    MemoryNet net(traffic);
    Engine engine;
    for (Component* part : net.parts()) engine.add(*part);
    engine.run_for(Cycles{1'000});
    for (const auto& taker : net.takers) {
      // Seen at 1 by the memory, and 22 cycles later by its client: 977 requests by cycle 999.
      const auto share = static_cast<std::int64_t>(taker.seen.size());
      const auto all = static_cast<std::int64_t>(977 / clients);
      EXPECT_GE(share, all) << clients;
      EXPECT_LE(share, all + 1) << clients;
    }
  }
}

TEST(MemoryTrafficTest, TheSteadyStateDoesNotAllocate) {
  for (const IdleCycles mode : {IdleCycles::Skip, IdleCycles::Visit}) {
    Traffic traffic{.latency = 100, .response_slots = 64};
    traffic.clients.assign(3, stream(5'000, 48, {2}));
    MemoryNet net(traffic);
    Engine engine(mode);
    for (Component* part : net.parts()) engine.add(*part);
    engine.run_for(Cycles{1'000});
    EXPECT_EQ(allocations_in([&] { engine.run_for(Cycles{10'000}); }), 0);
    EXPECT_GT(net.memory->stats().reads, 2'000);
  }
}

}  // namespace
}  // namespace hdp::test
