// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <support/ends.hpp>
#include <support/timeline_recorder.hpp>

#include <hdp/kernel/engine.hpp>
#include <hdp/units/softmax_unit.hpp>

namespace hdp::test {
namespace {

constexpr Cycles kSoftmaxLatency{SoftmaxConfig{}.latency_cycles};

struct SoftmaxBench {
  explicit SoftmaxBench(std::size_t output_slots = 64) : out(output_slots, kSoftmaxLatency) {
    engine.add(unit);
  }
  void run_to(Cycle now) { engine.run_for(now - engine.now()); }

  Channel<StreamJob> scores{100};
  Channel<StreamDone> out;
  StreamUnit unit{"softmax", "softmax", scores, out, softmax_kind()};
  Engine engine;
};

TEST(SoftmaxUnitTest, FormulasOfThePage) {
  SoftmaxConfig config;  // the edge: 8 lanes
  EXPECT_EQ(softmax_row_cycles(config, 0), Cycles{0});
  EXPECT_EQ(softmax_row_cycles(config, 1), Cycles{1});
  EXPECT_EQ(softmax_row_cycles(config, 128), Cycles{16});
  config.lanes = 16;
  EXPECT_EQ(softmax_row_cycles(config, 128), Cycles{8});
  EXPECT_EQ(softmax_row_cycles(config, 129), Cycles{9});
  EXPECT_EQ(kSoftmaxLatency, Cycles{87});
}

RC_GTEST_PROP(SoftmaxUnitTest, ARowIsTheSmallestNumberOfCyclesThatTakesItsEntries, ()) {
  SoftmaxConfig config;
  config.lanes = *rc::gen::inRange(1, 100);
  const std::int64_t entries = *rc::gen::inRange(1, 5'000);
  const std::int64_t n = softmax_row_cycles(config, entries).count;
  RC_ASSERT(n * config.lanes >= entries && (n - 1) * config.lanes < entries);
}

TEST(SoftmaxUnitTest, ProbabilitiesFollowALatencyAfterTheLastScore) {
  SoftmaxBench bench;
  bench.scores.push(Cycle{9}, {{2, 3}, 30});
  bench.run_to(Cycle{200});
  bench.engine.close_all();
  EXPECT_EQ(bench.out.next_pop(), Cycle{10 + 30 + 87});
  EXPECT_EQ(bench.out.pop(Cycle{127}).id, (StripId{2, 3}));
  EXPECT_EQ(bench.unit.jobs(), 1);
  EXPECT_EQ(bench.unit.time().busy(), Cycles{30});
  EXPECT_EQ(bench.unit.time().idle(), Cycles{170});
}

TEST(SoftmaxUnitTest, TheNextStripStreamsInWhileTheFirstIsInThePipeline) {
  SoftmaxBench bench;
  for (const std::int64_t cycles : {5, 0, 7}) bench.scores.push(Cycle{0}, {{}, cycles});
  bench.run_to(Cycle{200});
  bench.engine.close_all();
  for (const std::int64_t end : {6, 7, 14}) {  // a strip takes at least one cycle
    EXPECT_EQ(bench.out.next_pop(), Cycle{end} + kSoftmaxLatency);
    bench.out.pop(Cycle{200});
  }
  EXPECT_EQ(bench.unit.time().busy(), Cycles{13});
}

TEST(SoftmaxUnitTest, AFullOutputBlocksItUntilTheCycleAfterAPop) {
  SoftmaxBench bench(1);
  for (const std::int64_t cycles : {10, 20, 5}) bench.scores.push(Cycle{0}, {{}, cycles});
  bench.run_to(Cycle{120});
  bench.out.pop(Cycle{119});
  bench.run_to(Cycle{150});
  bench.engine.close_all();
  EXPECT_EQ(bench.out.next_pop(), Cycle{120} + kSoftmaxLatency);
  EXPECT_EQ(bench.unit.time().idle(), Cycles{1});
  EXPECT_EQ(bench.unit.time().busy(), Cycles{10 + 20 + 5});
  // The second from 31 to 120, the third from 125 on.
  EXPECT_EQ(bench.unit.time().blocked(StreamWait::Output), Cycles{(120 - 31) + (150 - 125)});
}

TEST(SoftmaxUnitTest, SlotsOfTheOutputBoundTheStripsInThePipeline) {
  for (const std::int64_t cycles : {1, 8, 10, 88, 100}) {
    const auto slots = static_cast<std::size_t>(ceil_div(kSoftmaxLatency.count + 1, cycles));
    for (const std::size_t fewer : {0U, 1U}) {
      if (slots == fewer) continue;
      SoftmaxBench bench(slots - fewer);
      Taker<StreamDone> taker("taker", bench.out);
      bench.engine.add(taker);
      for (int i = 0; i < 100; ++i) bench.scores.push(Cycle{0}, {{}, cycles});
      bench.run_to(Cycle{1 + 100 * cycles + 300});
      bench.engine.close_all();
      EXPECT_EQ(bench.unit.time().blocked() > Cycles{0}, fewer == 1) << cycles;
    }
  }
}

TEST(SoftmaxUnitTest, DrawsTheTimeAStripStreamsIn) {
  SoftmaxBench bench;
  TimelineRecorder recorder;
  bench.unit.set_timeline(&recorder);
  bench.scores.push(Cycle{0}, {{}, 12});
  bench.run_to(Cycle{200});
  EXPECT_EQ(recorder.lines, (std::vector<std::string>{"softmax softmax 1-13"}));
}

TEST(SoftmaxUnitTest, ADeadlockSaysThatResultsAreNotTaken) {
  SoftmaxBench bench(1);
  for (int i = 0; i < 2; ++i) bench.scores.push(Cycle{0}, {{}, 3});
  try {
    bench.engine.run_until_idle(Cycle{1'000}, [] { return false; });
    ADD_FAILURE();
  } catch (const Deadlock& deadlock) {
    EXPECT_STREQ(deadlock.what(),
                 "no component can make progress at cycle 7\n  softmax: results not taken");
  }
}

RC_GTEST_PROP(SoftmaxUnitTest, RandomStripsFollowEachOtherWithoutABubble, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(1, 60);
  SoftmaxBench bench;
  std::int64_t end = 1;
  std::vector<Cycle> ends;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t cycles = *rc::gen::inRange(0, 100);
    bench.scores.push(Cycle{0}, {{}, cycles});
    end += std::max<std::int64_t>(1, cycles);
    ends.push_back(Cycle{end} + kSoftmaxLatency);
  }
  bench.run_to(Cycle{10'000});
  bench.engine.close_all();
  for (const Cycle at : ends) {
    RC_ASSERT(bench.out.next_pop() == at);
    bench.out.pop(Cycle{10'000});
  }
  RC_ASSERT(bench.unit.time().busy() == Cycles{end - 1});
  RC_ASSERT(bench.unit.time().total() == Cycles{10'000});
}

}  // namespace
}  // namespace hdp::test
