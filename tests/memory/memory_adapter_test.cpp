// SPDX-License-Identifier: Apache-2.0
#include <deque>
#include <memory>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "memory/clock_crossing.hpp"
#include "memory/stand_in_memory.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/random.hpp>
#include <hdp/kernel/engine.hpp>
#include <hdp/memory/dram_system.hpp>
#include <hdp/memory/memory_adapter.hpp>

namespace hdp::test {
namespace {

/// Ports driven by hand in front of an adapter.
struct AdapterBench {
  AdapterBench(std::unique_ptr<MemorySimulator> memory, std::int64_t clock_mhz,
               std::size_t port_count = 1, std::size_t response_slots = 4'096,
               IdleCycles idle = IdleCycles::Skip)
      : engine(idle) {
    std::vector<TransferPort*> all;
    for (std::size_t i = 0; i < port_count; ++i)
      all.push_back(
          ports.emplace_back(std::make_unique<TransferPort>(4'096, response_slots)).get());
    adapter = std::make_unique<MemoryAdapter>("memory", std::move(memory), clock_mhz, all);
    engine.add(*adapter);
  }
  void run_to(Cycle end) { engine.run_for(end - engine.now()); }
  void ask(TransferRequest request, std::size_t port = 0) {
    ports[port]->requests.push(engine.now(), request);
  }
  /// When the oldest response is visible.
  [[nodiscard]] Cycle next(std::size_t port = 0) const { return ports[port]->responses.next_pop(); }

  std::vector<std::unique_ptr<TransferPort>> ports;
  std::unique_ptr<MemoryAdapter> adapter;
  Engine engine;
};

std::unique_ptr<StandInMemory> stand_in(std::int64_t latency = 10, std::int64_t tck_ps = 1'000) {
  return std::make_unique<StandInMemory>(
      StandInConfig{.access_bytes = 64, .tck_ps = tck_ps, .latency = latency});
}

// Pushed in cycle 0, seen in 1, sent in memory cycle 1, ended `latency` later, answered then, and
// the answer is seen a cycle later.
TEST(MemoryAdapterTest, AnAccessAloneTakesTheLatencyAndAHopEachWay) {
  for (const std::int64_t latency : {1, 2, 10, 1'000}) {
    AdapterBench bench(stand_in(latency), 1'000);
    bench.ask({.address = 0, .bytes = 64});
    bench.run_to(Cycle{1 + latency});
    EXPECT_EQ(bench.next(), kNever);
    bench.run_to(Cycle{2 + latency});
    EXPECT_EQ(bench.next(), Cycle{2 + latency});
  }
}

TEST(MemoryAdapterTest, CyclesOfTheMemoryBecomeCyclesOfTheCore) {
  // 500 ps: two memory cycles in a core cycle. Sent in memory cycle 2, ended in 12, core cycle 6.
  AdapterBench fast(stand_in(10, 500), 1'000);
  fast.ask({.address = 0, .bytes = 64});
  fast.run_to(Cycle{20});
  EXPECT_EQ(fast.next(), Cycle{7});
  // 3000 ps: memory cycles begin in core cycles 0, 3, 6. Sent in memory cycle 1, ended in 11.
  AdapterBench slow(stand_in(10, 3'000), 1'000);
  slow.ask({.address = 0, .bytes = 64});
  slow.run_to(Cycle{40});
  EXPECT_EQ(slow.next(), Cycle{34});
}

TEST(ClockCrossingTest, IsExactAtAnyRatio) {
  for (const auto& [mhz, ps] : {std::pair{1'000, 833}, {700, 625}, {1'500, 1'000}, {333, 1'250}}) {
    const ClockCrossing clocks(mhz, ps);
    for (std::int64_t core = 0; core < 3'000; ++core) {
      const Cycle first = clocks.first_in(Cycle{core});
      // first * ps >= core * 1e6 / mhz, and the one before begins earlier
      EXPECT_GE(first.index * ps * mhz, core * 1'000'000);
      EXPECT_LT((first.index - 1) * ps * mhz, core * 1'000'000);
      if (clocks.first_in(Cycle{core + 1}) != first) {
        EXPECT_EQ(clocks.core_of(first), Cycle{core});
      }
      const Cycle after = clocks.core_after(first);
      EXPECT_GE(after.index * 1'000'000, first.index * ps * mhz);
      EXPECT_LT((after.index - 1) * 1'000'000, first.index * ps * mhz);
    }
  }
}

TEST(MemoryAdapterTest, ARequestEndsWithItsLastAccess) {
  // The stand-in takes one access a cycle: 256 bytes are four, the last one sent in cycle 4.
  AdapterBench bench(stand_in(), 1'000);
  bench.ask({.address = 0, .bytes = 256});
  bench.run_to(Cycle{40});
  EXPECT_EQ(bench.next(), Cycle{15});
  EXPECT_EQ(bench.adapter->stats().reads, 1);
  EXPECT_EQ(bench.adapter->stats().read_bytes, 256);
  EXPECT_EQ(bench.adapter->stats().moved_bytes, 256);
}

TEST(MemoryAdapterTest, BytesThatStraddleAccessesMoveBoth) {
  AdapterBench bench(stand_in(), 1'000);
  bench.ask({.address = 60, .bytes = 8, .tag = 0, .write = true});
  bench.run_to(Cycle{40});
  EXPECT_EQ(bench.next(), Cycle{13});
  EXPECT_EQ(bench.adapter->stats().writes, 1);
  EXPECT_EQ(bench.adapter->stats().written_bytes, 8);
  EXPECT_EQ(bench.adapter->stats().moved_bytes, 128);
}

TEST(MemoryAdapterTest, PortsTakeTurnsRequestByRequest) {
  AdapterBench bench(stand_in(), 1'000, 2);
  for (std::uint64_t i = 0; i < 3; ++i)
    for (const std::size_t port : {std::size_t{0}, std::size_t{1}})
      bench.ask({.address = i * 4'096, .bytes = 128, .tag = static_cast<std::uint32_t>(i)}, port);
  bench.run_to(Cycle{100});
  // Accesses go out in cycles 1, 2 (port 0), 3, 4 (port 1), 5, 6 (port 0), ...
  EXPECT_EQ(bench.next(0), Cycle{13});
  EXPECT_EQ(bench.next(1), Cycle{15});
}

TEST(MemoryAdapterTest, ARefusedPortDoesNotHoldUpTheOthers) {
  auto memory = stand_in();
  StandInMemory& inside = *memory;
  AdapterBench bench(std::move(memory), 1'000, 2);
  inside.refuse_below(4'096);
  bench.ask({.address = 0, .bytes = 64}, 0);
  bench.ask({.address = 8'192, .bytes = 64}, 1);
  bench.run_to(Cycle{50});
  EXPECT_EQ(bench.next(0), kNever);
  EXPECT_EQ(bench.next(1), Cycle{12});
  inside.refuse_below(0);
  bench.run_to(Cycle{100});
  EXPECT_EQ(bench.next(0), Cycle{61});  // offered again in cycle 50
}

TEST(MemoryAdapterTest, AForeignMemoryIsTickedInEveryCycleOnce) {
  auto memory = stand_in();
  StandInMemory& inside = *memory;
  AdapterBench bench(std::move(memory), 1'000);
  bench.run_to(Cycle{500});
  bench.ask({.address = 0, .bytes = 64});
  bench.run_to(Cycle{2'000});
  bench.engine.close_all();
  EXPECT_EQ(inside.ticks(), 2'000);  // it checks itself that none is left out
  EXPECT_EQ(bench.next(), Cycle{512});
}

TEST(MemoryAdapterTest, SleepsWhileNothingIsUnderWay) {
  AdapterBench bench(stand_in(), 1'000);
  bench.ask({.address = 0, .bytes = 64});
  bench.engine.run_until_idle(Cycle{1'000});
  EXPECT_EQ(bench.engine.now(), Cycle{12});
}

TEST(MemoryAdapterTest, ChargesEveryCycleOnce) {
  AdapterBench bench(stand_in(), 1'000);
  bench.run_to(Cycle{100});
  bench.ask({.address = 0, .bytes = 64});
  bench.run_to(Cycle{1'000});
  bench.engine.close_all();
  EXPECT_EQ(bench.adapter->time().total(), Cycles{1'000});
  EXPECT_EQ(bench.adapter->time().busy(), Cycles{10});  // seen in 101, answered in 111
}

TEST(MemoryAdapterTest, ResponsesThatNobodyTakesStopIt) {
  AdapterBench bench(stand_in(), 1'000, 1, 1);
  bench.ask({.address = 0, .bytes = 64, .tag = 1});
  bench.ask({.address = 64, .bytes = 64, .tag = 2});
  bench.run_to(Cycle{100});
  bench.engine.close_all();
  EXPECT_EQ(bench.adapter->time().blocked(MemoryWait::Output), Cycles{88});  // 12 .. 99
  EXPECT_EQ(bench.adapter->describe_wait(), "responses not taken");
  EXPECT_EQ(bench.ports[0]->responses.pop(Cycle{99}).tag, 1U);
  bench.run_to(Cycle{200});
  EXPECT_EQ(bench.ports[0]->responses.pop(Cycle{199}).tag, 2U);
}

TEST(MemoryAdapterTest, AnAddressBehindTheEndIsTheUsersMistake) {
  DramConfig config;
  config.organisation.rows = 16;
  const std::uint64_t capacity = DramSystem(config).capacity_bytes();
  EXPECT_EQ(capacity, 16ULL * 16 * 1'024 * 8);
  AdapterBench bench(std::make_unique<DramSystem>(config), 1'000);
  bench.ask({.address = capacity - 64, .bytes = 64});
  EXPECT_NO_THROW(bench.run_to(Cycle{100}));
  bench.ask({.address = capacity - 64, .bytes = 65});
  EXPECT_THROW(bench.run_to(Cycle{200}), UserError);
}

TEST(MemoryAdapterTest, AMemoryThatNeverAnswersIsGivenUp) {
  auto memory = stand_in();
  memory->refuse_below(4'096);
  AdapterBench bench(std::move(memory), 1'000);
  bench.ask({.address = 0, .bytes = 64});
  EXPECT_THROW(bench.engine.run_until_idle(Cycle{100'000'000}), UserError);
  EXPECT_GT(bench.engine.now(), Cycle{10'000'000});
  EXPECT_LT(bench.engine.now(), Cycle{10'000'100});
}

// RCD + CL + burst from the first command on: sent in memory cycle 1, ACT there, data at
// 1 + RCD + CL + burst, the end a cycle later as Ramulator counts it; one hop each way.
TEST(MemoryAdapterTest, AClosedBankOfADramAddsItsUnloadedLatency) {
  DramConfig config;
  config.refresh = false;
  config.timing.tck_ps = 1'000;
  AdapterBench bench(std::make_unique<DramSystem>(config), 1'000);
  bench.ask({.address = 0, .bytes = 64});
  bench.run_to(Cycle{200});
  const DramTiming& t = config.timing;
  EXPECT_EQ(bench.next(), Cycle{1 + t.rcd_read + t.cl + t.burst + 1 + 1});
}

struct Case {
  std::int64_t clock_mhz, tck_ps;
  DramController controller;
};

/// Random requests on two ports, with pauses in which nothing is under way.
std::vector<std::tuple<std::size_t, std::int64_t, std::uint32_t>> play(const Case& c,
                                                                       IdleCycles idle) {
  DramConfig config;
  config.timing.tck_ps = c.tck_ps;
  config.timing.refi = 700;
  config.timing.rfc = 90;
  config.controller = c.controller;
  config.queues.read_entries = config.queues.write_entries = 4;
  config.queues.idle_drain_writes = 0;
  // On the default map this stream meets the known lock-up of bank_queues (dram_run_test.cpp).
  if (c.controller == DramController::BankQueues) config.map = "ro co ba bg ra pc ch";
  AdapterBench bench(std::make_unique<DramSystem>(config), c.clock_mhz, 2, 4'096, idle);
  RandomStream random(7, "adapter");
  std::vector<std::tuple<std::size_t, std::int64_t, std::uint32_t>> seen;
  for (std::uint32_t tag = 0; tag < 400; ++tag) {
    const bool pause = random.below(20) == 0;
    bench.run_to(bench.engine.now() +
                 Cycles{static_cast<std::int64_t>(pause ? random.below(3'000) : random.below(6))});
    bench.ask({.address = random.below(1U << 16),
               .bytes = static_cast<std::uint32_t>(1 + random.below(300)),
               .tag = tag,
               .write = random.below(4) == 0},
              tag % 2);
    for (const std::size_t port : {std::size_t{0}, std::size_t{1}})
      while (bench.ports[port]->responses.can_pop(bench.engine.now())) {
        const Cycle at = bench.next(port);
        seen.emplace_back(port, at.index, bench.ports[port]->responses.pop(bench.engine.now()).tag);
      }
  }
  bench.run_to(bench.engine.now() + Cycles{50'000});
  for (const std::size_t port : {std::size_t{0}, std::size_t{1}})
    while (bench.ports[port]->responses.can_pop(bench.engine.now())) {
      const Cycle at = bench.next(port);
      seen.emplace_back(port, at.index, bench.ports[port]->responses.pop(bench.engine.now()).tag);
    }
  bench.engine.close_all();
  const DramResult& result = bench.adapter->dram()->result;
  seen.emplace_back(9, bench.adapter->time().busy().count, 0);
  seen.emplace_back(9, result.cycles, static_cast<std::uint32_t>(result.total.row_hits));
  seen.emplace_back(9, result.total.active_standby.count,
                    static_cast<std::uint32_t>(result.total.commands[index_of(DramCommand::Ref)]));
  return seen;
}

TEST(MemoryAdapterTest, SkippingIdleCyclesChangesNothing) {
  for (const std::int64_t mhz : {1'000, 400, 2'300})
    for (const std::int64_t ps : {833, 625, 2'500})
      for (const auto controller :
           {DramController::FrfcfsSharedQueue, DramController::BankQueues}) {
        const Case c{mhz, ps, controller};
        const auto skipped = play(c, IdleCycles::Skip);
        EXPECT_EQ(skipped.size(), 403U);
        EXPECT_EQ(skipped, play(c, IdleCycles::Visit)) << mhz << " MHz, " << ps << " ps";
      }
}

}  // namespace
}  // namespace hdp::test
