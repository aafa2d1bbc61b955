// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <memory/memory_bench.hpp>
#include <rapidcheck/gtest.h>
#include <support/timeline_recorder.hpp>

#include <hdp/base/error.hpp>
#include <hdp/memory/ideal_memory.hpp>

namespace hdp::test {
namespace {

TEST(IdealMemoryTest, AnUnloadedRequestTakesItsBytesAndTheLatencyAndNoCycleLess) {
  struct Row {
    std::uint32_t bytes;
    std::int64_t cycles;  // at 25.6 bytes a cycle
  };
  for (const Row& row : {Row{1, 1}, {25, 1}, {26, 2}, {64, 3}, {128, 5}, {129, 6}, {256, 10}}) {
    MemoryBench bench(25'600, 100);
    bench.ask(Cycle{10}, row.bytes, 0, 77);
    bench.run_to(Cycle{500});
    bench.engine.close_all();
    // Seen at 11; the response is handed over at 11 + bytes + latency and seen one later.
    EXPECT_EQ(bench.next(), Cycle{11 + row.cycles + 100 + 1}) << row.bytes;
    EXPECT_EQ(bench.take().tag, 77U);
    EXPECT_EQ(bench.memory->time().busy(), Cycles{row.cycles});
    EXPECT_EQ(bench.memory->time().idle(), Cycles{500 - row.cycles});
  }
}

TEST(IdealMemoryTest, ALateCycleAndAGreatBandwidthDoNotOverflow) {
  MemoryBench bench(1'000'000'000, 0);
  const Cycle late{std::int64_t{1} << 50};
  bench.run_to(late);
  bench.ask(late, 1);
  bench.engine.run_until_idle(late + Cycles{100});
  EXPECT_EQ(bench.next(), late + Cycles{3});  // two hops, and a byte inside one cycle
}

TEST(IdealMemoryTest, TheLatencyMayBeZero) {
  MemoryBench bench(64'000, 0);
  bench.ask(Cycle{0}, 64);
  bench.run_to(Cycle{20});
  EXPECT_EQ(bench.next(), Cycle{1 + 1 + 0 + 1});
}

TEST(IdealMemoryTest, AFractionOfACycleIsNotLost) {
  // 64 bytes take 2.5 cycles: the second request begins in the middle of the third cycle.
  MemoryBench bench(25'600, 10);
  for (int i = 0; i < 4; ++i) bench.ask(Cycle{0}, 64);
  bench.run_to(Cycle{100});
  bench.engine.close_all();
  for (const std::int64_t bytes : {3, 5, 8, 10}) {
    EXPECT_EQ(bench.next(), Cycle{1 + bytes + 10 + 1});
    bench.take();
  }
  EXPECT_EQ(bench.memory->time().busy(), Cycles{10});
}

TEST(IdealMemoryTest, SeveralSmallRequestsShareACycle) {
  MemoryBench bench(256'000, 10);
  for (int i = 0; i < 9; ++i) bench.ask(Cycle{0}, 64);
  bench.run_to(Cycle{100});
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(bench.next(), Cycle{1 + (i / 4 + 1) + 10 + 1}) << i;
    bench.take();
  }
}

TEST(IdealMemoryTest, ALateRequestDoesNotUseTimeThatHasPassed) {
  MemoryBench bench(25'600, 10);
  bench.ask(Cycle{0}, 64);  // the pipe is free in the middle of cycle 3
  bench.ask(Cycle{3}, 64);  // seen at 4
  bench.run_to(Cycle{100});
  bench.take();
  EXPECT_EQ(bench.next(), Cycle{4 + 3 + 10 + 1});
}

TEST(IdealMemoryTest, ARequestSeenInTheCycleThePipeIsFreedStartsInIt) {
  MemoryBench bench(25'600, 10);
  bench.ask(Cycle{0}, 64);  // [1, 3.5)
  bench.ask(Cycle{2}, 64);  // seen at 3: [3.5, 6)
  bench.run_to(Cycle{100});
  bench.take();
  EXPECT_EQ(bench.next(), Cycle{6 + 10 + 1});
}

TEST(IdealMemoryTest, ALongStreamRunsAtExactlyTheBandwidth) {
  constexpr std::int64_t kRequests = 2'000;
  MemoryBench bench(25'600, 100);
  for (std::int64_t i = 0; i < kRequests; ++i) bench.ask(Cycle{0}, 48);
  bench.run_to(Cycle{10'000});
  bench.engine.close_all();
  for (std::int64_t i = 1; i < kRequests; ++i) bench.take();
  EXPECT_EQ(bench.next(), Cycle{1 + 3'750 + 100 + 1});  // 2000 * 48 / 25.6
  EXPECT_EQ(bench.memory->time().busy(), Cycles{3'750});
}

TEST(IdealMemoryTest, ARequestMayBeLong) {
  MemoryBench bench(1, 1'000'000);  // a byte in 1000 cycles
  bench.ask(Cycle{0}, 4'000'000'000U);
  bench.run_to(Cycle{5'000'000'000'000});
  EXPECT_EQ(bench.next(), Cycle{1 + 4'000'000'000'000 + 1'000'000 + 1});
}

TEST(IdealMemoryTest, WritesAreAnsweredAndCountedAsWrites) {
  MemoryBench bench(64'000, 10);
  bench.ports[0]->requests.push(Cycle{0}, {.address = 128, .bytes = 64, .tag = 5, .write = true});
  bench.ports[0]->requests.push(Cycle{0}, {.address = 128, .bytes = 32, .tag = 6});
  bench.run_to(Cycle{50});
  EXPECT_EQ(bench.next(), Cycle{1 + 1 + 10 + 1});
  EXPECT_EQ(bench.take().tag, 5U);
  EXPECT_EQ(bench.take().tag, 6U);
  const MemoryStats& stats = bench.memory->stats();
  EXPECT_EQ(stats.writes, 1);
  EXPECT_EQ(stats.written_bytes, 64);
  EXPECT_EQ(stats.reads, 1);
  EXPECT_EQ(stats.read_bytes, 32);
}

TEST(IdealMemoryTest, PortsTakeTurnsRequestByRequest) {
  MemoryBench bench(64'000, 10, 3);
  for (std::uint32_t i = 0; i < 6; ++i) {
    for (const std::size_t port : {0U, 1U, 2U}) bench.ask(Cycle{0}, 64, port, i);
  }
  bench.run_to(Cycle{100});
  for (std::uint32_t i = 0; i < 6; ++i) {
    for (const std::size_t port : {0U, 1U, 2U}) {
      const auto place = static_cast<std::int64_t>(3 * i + port);
      EXPECT_EQ(bench.next(port), Cycle{1 + place + 1 + 10 + 1});
      EXPECT_EQ(bench.take(port).tag, i);
    }
  }
}

TEST(IdealMemoryTest, APortWithoutARequestLosesItsTurn) {
  MemoryBench bench(64'000, 10, 3);
  bench.ask(Cycle{0}, 64, 1);
  for (const std::size_t port : {0U, 1U}) bench.ask(Cycle{1}, 64, port);
  bench.run_to(Cycle{100});
  // After port 1 it is the turn of port 2, which has none, and then of port 0.
  EXPECT_EQ(bench.next(1), Cycle{1 + 1 + 11});
  EXPECT_EQ(bench.next(0), Cycle{1 + 2 + 11});
  bench.take(1);
  EXPECT_EQ(bench.next(1), Cycle{1 + 3 + 11});
}

TEST(IdealMemoryTest, WhileAResponseIsNotTakenNothingIsAccepted) {
  MemoryBench bench(64'000, 10, 1, 1);
  for (int i = 0; i < 40; ++i) bench.ask(Cycle{0}, 64);
  bench.run_to(Cycle{100});
  // Done at 12 and handed over; done at 13: stuck. Accepted at 1 .. 12.
  EXPECT_EQ(bench.ports[0]->requests.size(), 28U);
  bench.take();
  bench.run_to(Cycle{150});
  bench.engine.close_all();
  // The response of 13 goes at 100, the next is stuck at once.
  EXPECT_EQ(bench.next(), Cycle{101});
  EXPECT_EQ(bench.ports[0]->requests.size(), 28U);
  EXPECT_EQ(bench.memory->time().idle(), Cycles{1});
  EXPECT_EQ(bench.memory->time().busy(), Cycles{12});
  EXPECT_EQ(bench.memory->time().blocked(MemoryWait::Output), Cycles{150 - 13});
}

TEST(IdealMemoryTest, HasNoLimitOfItsOwnToRequestsUnderWay) {
  // 64 requests a cycle for 1000 cycles of latency, after some that have left: it makes room.
  MemoryBench bench(64'000, 1'000, 1, 200);
  const auto ask = [&](Cycle at, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) bench.ask(at, 1, 0, i);
  };
  const auto seen_at = [](std::uint32_t i) { return Cycles{1 + (i / 64 + 1) + 1'000 + 1}; };
  ask(Cycle{0}, 100);
  std::uint32_t taken = 0;
  for (Cycle now{0}; now < Cycle{4'000}; now = now + Cycles{1}) {
    if (now == Cycle{1'010}) ask(now, 2'000);
    bench.run_to(now + Cycles{1});
    while (bench.ports[0]->responses.can_pop(now)) {
      const std::uint32_t tag = taken < 100 ? taken : taken - 100;
      ASSERT_EQ(now, Cycle{taken < 100 ? 0 : 1'010} + seen_at(tag)) << taken;
      ASSERT_EQ(bench.take().tag, tag);
      ++taken;
    }
  }
  EXPECT_EQ(taken, 2'100U);
}

TEST(IdealMemoryTest, AnEmptyRequestIsALogicFault) {
  MemoryBench bench(64'000, 10);
  bench.ask(Cycle{0}, 0);
  EXPECT_THROW(bench.run_to(Cycle{10}), LogicFault);
}

TEST(IdealMemoryTest, DrawsWhenARequestWasOnThePipe) {
  MemoryBench bench(25'600, 100);
  TimelineRecorder recorder;
  bench.memory->set_timeline(&recorder);
  bench.ask(Cycle{0}, 64);
  bench.ports[0]->requests.push(Cycle{0}, {.bytes = 64, .write = true});
  bench.run_to(Cycle{200});
  EXPECT_EQ(recorder.lines, (std::vector<std::string>{"memory read 1-4", "memory write 3-6"}));
}

TEST(IdealMemoryTest, ADeadlockSaysThatResponsesAreNotTaken) {
  MemoryBench bench(64'000, 5, 1, 1);
  for (int i = 0; i < 2; ++i) bench.ask(Cycle{0}, 64);
  try {
    bench.engine.run_until_idle(Cycle{1'000}, [] { return false; });
    ADD_FAILURE();
  } catch (const Deadlock& deadlock) {
    EXPECT_STREQ(deadlock.what(),
                 "no component can make progress at cycle 8\n  memory: responses not taken");
  }
}

RC_GTEST_PROP(IdealMemoryTest, RandomStreamsFollowTheFormulaOfThePage, ()) {
  const std::int64_t bandwidth = *rc::gen::inRange(1'000, 300'000);
  const std::int64_t latency = *rc::gen::inRange(0, 300);
  MemoryBench bench(bandwidth, latency);
  std::int64_t free_at = 0;  // in parts of a cycle, of which there are `bandwidth`
  std::int64_t at = 0, bytes_asked = 0;
  std::vector<Cycle> want;
  const auto count = *rc::gen::inRange<std::size_t>(1, 200);
  for (std::size_t i = 0; i < count; ++i) {
    at += *rc::gen::inRange(0, 4) == 0 ? *rc::gen::inRange(0, 200) : 0;
    const auto bytes = *rc::gen::inRange<std::uint32_t>(1, 600);
    bench.ask(Cycle{at}, bytes);
    bytes_asked += bytes;
    free_at = std::max(free_at, (at + 1) * bandwidth) + 1'000 * std::int64_t{bytes};
    want.push_back(Cycle{(free_at + bandwidth - 1) / bandwidth + latency + 1});
  }
  bench.run_to(Cycle{1'000'000});
  for (const Cycle when : want) {
    RC_ASSERT(bench.next() == when);
    bench.take();
  }
  RC_ASSERT(bench.memory->stats().reads == static_cast<std::int64_t>(count));
  RC_ASSERT(bench.memory->stats().read_bytes == bytes_asked);
}

}  // namespace
}  // namespace hdp::test
