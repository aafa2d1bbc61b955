// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <support/ends.hpp>
#include <support/timeline_recorder.hpp>
#include <units/pe_bench.hpp>

#include <hdp/units/pe_array.hpp>

namespace hdp::test {
namespace {

TEST(PeArrayTest, ResultsLeaveAPipelineAfterTheLastOperandAndNotACycleEarlier) {
  PeBench bench;
  bench.jobs.push(
      Cycle{10},
      {.id = {3, 5}, .to_engine = true, .engine_add = 7, .engine_select = 9, .compute = 64});
  bench.run_to(Cycle{100});
  // Seen at 11, computed during [11, 75).
  EXPECT_EQ(bench.tiles.next_pop(), Cycle{75 + 4});
  EXPECT_EQ(bench.done.next_pop(), Cycle{75 + 4});
  EXPECT_TRUE(bench.scores.empty());
  const EngineTile tile = bench.tiles.pop(Cycle{79});
  EXPECT_EQ(tile.id, (StripId{3, 5}));
  EXPECT_EQ(tile.add, 7);
  EXPECT_EQ(tile.select, 9);
  const PeDone done = bench.done.pop(Cycle{79});
  EXPECT_EQ(done.id, (StripId{3, 5}));
  EXPECT_EQ(done.phase, Phase::Integer);
  EXPECT_EQ(done.start, Cycle{11});
  EXPECT_EQ(done.end, Cycle{75});
}

TEST(PeArrayTest, ScoresGoToTheSoftmaxUnitAndValueResultsNowhere) {
  PeBench bench;
  bench.jobs.push(
      Cycle{0},
      {.id = {1, 2}, .phase = Phase::Score, .to_softmax = true, .softmax = 33, .compute = 5});
  bench.jobs.push(Cycle{0}, {.id = {1, 4}, .phase = Phase::Value, .compute = 5});
  bench.run_to(Cycle{50});
  EXPECT_TRUE(bench.tiles.empty());
  EXPECT_EQ(bench.scores.size(), 1U);
  EXPECT_EQ(bench.scores.next_pop(), Cycle{1 + 5 + 4});
  EXPECT_EQ(bench.scores.pop(Cycle{10}).cycles, 33);
  EXPECT_EQ(bench.done.pop(Cycle{10}).phase, Phase::Score);
  EXPECT_EQ(bench.done.next_pop(), Cycle{1 + 10 + 4});
  EXPECT_EQ(bench.done.pop(Cycle{15}).phase, Phase::Value);
}

TEST(PeArrayTest, JobsFollowEachOtherWithoutABubble) {
  PeBench bench;
  for (int i = 0; i < 20; ++i) {
    bench.jobs.push(Cycle{0}, {.phase = Phase::Value, .compute = 1 + i % 3});
  }
  bench.run_to(Cycle{100});
  bench.close();
  Cycle at{1};
  for (int i = 0; i < 20; ++i) {
    const Cycle end = at + Cycles{1 + i % 3};
    EXPECT_EQ(bench.done.next_pop(), end + kPipeline) << i;
    const PeDone done = bench.done.pop(Cycle{100});
    EXPECT_EQ(done.start, at);
    EXPECT_EQ(done.end, end);
    at = end;
  }
  EXPECT_EQ(bench.array.jobs(), 20);
  EXPECT_EQ(bench.array.time().busy(), at - Cycle{1});
  EXPECT_EQ(bench.array.time().blocked(), Cycles{0});
  EXPECT_EQ(bench.array.time().idle(), Cycle{100} - at + Cycles{1});
}

TEST(PeArrayTest, AResultEveryCycleNeedsASlotMoreThanThePipeline) {
  for (const std::size_t slots : {4U, 5U}) {
    PeBench bench(slots);
    Taker<PeDone> taker("taker", bench.done);
    bench.engine.add(taker);
    for (int i = 0; i < 40; ++i) bench.jobs.push(Cycle{0}, {.compute = 1});
    bench.run_to(Cycle{100});
    bench.close();
    EXPECT_EQ(bench.blocked(PeWait::Output), slots == 5 ? Cycles{0} : Cycles{9}) << slots;
  }
}

TEST(PeArrayTest, AJobTakesAtLeastOneCycle) {
  PeBench bench;
  bench.jobs.push(Cycle{0}, {.compute = 0});
  bench.run_to(Cycle{10});
  bench.close();
  EXPECT_EQ(bench.done.next_pop(), Cycle{1 + 1 + 4});
  EXPECT_EQ(bench.array.time().busy(), Cycles{1});
}

TEST(PeArrayTest, OperandsThatComeLateBlockItOnTheBanks) {
  PeBench bench;
  bench.jobs.push(Cycle{0}, {.compute = 10, .operands = 25});
  bench.jobs.push(Cycle{0}, {.compute = 10, .operands = 10});
  bench.jobs.push(Cycle{0}, {.compute = 0, .operands = 4});
  bench.run_to(Cycle{60});
  bench.close();
  EXPECT_EQ(bench.done.next_pop(), Cycle{1 + 25 + 4});
  EXPECT_EQ(bench.array.time().busy(), Cycles{10 + 10 + 1});
  EXPECT_EQ(bench.blocked(PeWait::SramBank), Cycles{15 + 0 + 3});
  EXPECT_EQ(bench.array.time().blocked(), Cycles{18});
  EXPECT_EQ(bench.array.time().idle(), Cycles{60 - 21 - 18});
}

TEST(PeArrayTest, AFullOutputBlocksItUntilTheCycleAfterAPop) {
  enum class Full { Tiles, Scores, Done };
  for (const Full full : {Full::Tiles, Full::Scores, Full::Done}) {
    PeBench bench(1);
    const PeJob job{
        .to_engine = full == Full::Tiles, .to_softmax = full == Full::Scores, .compute = 10};
    bench.jobs.push(Cycle{0}, job);
    bench.jobs.push(Cycle{0}, job);
    bench.jobs.push(Cycle{0}, {.compute = 10});
    // Done at 11, 21 and 31. Only one of the channels stays full beyond 21, and is emptied at 50.
    bench.run_to(Cycle{20});
    if (full != Full::Done) bench.done.pop(Cycle{19});
    bench.run_to(Cycle{50});
    if (full == Full::Tiles) bench.tiles.pop(Cycle{49});
    if (full == Full::Scores) bench.scores.pop(Cycle{49});
    if (full == Full::Done) bench.done.pop(Cycle{49});
    bench.run_to(Cycle{51});
    EXPECT_EQ(bench.done.next_pop(), Cycle{50 + 4});
    EXPECT_EQ(bench.done.pop(Cycle{54}).end, Cycle{21}) << "the wait is not part of the job";
    bench.run_to(Cycle{100});
    bench.close();
    EXPECT_EQ(bench.done.next_pop(), Cycle{60 + 4});
    EXPECT_EQ(bench.array.time().busy(), Cycles{30});
    EXPECT_EQ(bench.blocked(PeWait::Output), Cycles{50 - 21});
    EXPECT_EQ(bench.array.time().blocked(), Cycles{29});
  }
}

TEST(PeArrayTest, BanksAndThenAFullOutputAreChargedApart) {
  PeBench bench(1);
  bench.jobs.push(Cycle{0}, {.compute = 2});
  bench.jobs.push(Cycle{0}, {.compute = 5, .operands = 9});
  bench.run_to(Cycle{40});
  bench.done.pop(Cycle{39});
  bench.run_to(Cycle{50});
  bench.close();
  EXPECT_EQ(bench.array.time().busy(), Cycles{7});
  EXPECT_EQ(bench.blocked(PeWait::SramBank), Cycles{4});
  EXPECT_EQ(bench.blocked(PeWait::Output), Cycles{40 - 12});
  EXPECT_EQ(bench.array.time().idle(), Cycles{1 + 10});
}

TEST(PeArrayTest, WithoutAJobTheWireSaysWhatItWaitsFor) {
  PeBench bench;
  bench.run_to(Cycle{5});
  bench.wait.set(Cycle{5}, PeWait::Memory);  // seen from 6 on
  bench.run_to(Cycle{20});
  bench.wait.set(Cycle{20}, PeWait::Decision);
  bench.run_to(Cycle{50});
  bench.wait.set(Cycle{50}, PeWait::Softmax);
  bench.jobs.push(Cycle{60}, {.compute = 100});  // [61, 161)
  bench.run_to(Cycle{100});
  bench.wait.set(Cycle{100}, PeWait::Memory);  // it is busy: nothing to charge yet
  bench.run_to(Cycle{200});
  bench.wait.set(Cycle{200}, PeWait::Nothing);
  bench.run_to(Cycle{300});
  bench.close();
  EXPECT_EQ(bench.array.time().idle(), Cycles{6 + 99});
  EXPECT_EQ(bench.blocked(PeWait::Memory), Cycles{(21 - 6) + (201 - 161)});
  EXPECT_EQ(bench.blocked(PeWait::Decision), Cycles{51 - 21});
  EXPECT_EQ(bench.blocked(PeWait::Softmax), Cycles{61 - 51});
  EXPECT_EQ(bench.blocked(PeWait::SramBank) + bench.blocked(PeWait::Output), Cycles{0});
  EXPECT_EQ(bench.array.time().busy(), Cycles{100});
}

TEST(PeArrayTest, BusyCyclesAreCountedByPhase) {
  PeBench bench;
  bench.jobs.push(Cycle{0}, {.phase = Phase::Integer, .compute = 4});
  bench.jobs.push(Cycle{0}, {.phase = Phase::Fraction, .compute = 8, .operands = 50});
  bench.jobs.push(Cycle{0}, {.phase = Phase::Score, .compute = 16});
  bench.jobs.push(Cycle{0}, {.phase = Phase::Value, .compute = 32});
  bench.jobs.push(Cycle{0}, {.phase = Phase::Value, .compute = 0});
  bench.run_to(Cycle{200});
  bench.close();
  EXPECT_EQ(bench.array.phase_cycles(),
            (std::array<Cycles, kPhases>{Cycles{4}, Cycles{8}, Cycles{16}, Cycles{33}}));
  EXPECT_EQ(bench.array.time().busy(), Cycles{61});
}

TEST(PeArrayTest, DrawsEachJobWithoutTheTimeItsResultsWaited) {
  PeBench bench(1);
  TimelineRecorder recorder;
  bench.array.set_timeline(&recorder);
  bench.jobs.push(Cycle{0}, {.phase = Phase::Fraction, .compute = 10, .operands = 12});
  bench.jobs.push(Cycle{0}, {.phase = Phase::Value, .compute = 10});
  bench.run_to(Cycle{60});
  bench.done.pop(Cycle{59});
  bench.run_to(Cycle{70});
  EXPECT_EQ(recorder.lines, (std::vector<std::string>{"pe fraction 1-13", "pe value 13-23"}));
}

TEST(PeArrayTest, ADeadlockSaysThatItsResultsAreNotTaken) {
  PeBench bench(1);
  bench.jobs.push(Cycle{0}, {.compute = 3});
  bench.jobs.push(Cycle{0}, {.compute = 3});
  try {
    bench.engine.run_until_idle(Cycle{1'000}, [] { return false; });
    ADD_FAILURE();
  } catch (const Deadlock& deadlock) {
    EXPECT_STREQ(deadlock.what(),
                 "no component can make progress at cycle 7\n  pe: results not taken");
  }
}

RC_GTEST_PROP(PeArrayTest, RandomJobsTakeTheLongerOfComputeAndOperands, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(1, 40);
  PeBench bench;
  std::int64_t end = 1, busy = 0, stalled = 0;
  std::vector<Cycle> ends;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t compute = *rc::gen::inRange(0, 300);
    const std::int64_t operands = *rc::gen::inRange(0, 300);
    bench.jobs.push(Cycle{0}, {.compute = compute, .operands = operands});
    const std::int64_t taken = std::max<std::int64_t>({1, compute, operands});
    end += taken;
    busy += std::max<std::int64_t>(1, compute);
    stalled += taken - std::max<std::int64_t>(1, compute);
    ends.push_back(Cycle{end});
  }
  bench.run_to(Cycle{20'000});
  bench.close();
  for (const Cycle at : ends) {
    RC_ASSERT(bench.done.next_pop() == at + kPipeline);
    RC_ASSERT(bench.done.pop(Cycle{20'000}).end == at);
  }
  RC_ASSERT(bench.array.time().busy() == Cycles{busy});
  RC_ASSERT(bench.blocked(PeWait::SramBank) == Cycles{stalled});
  RC_ASSERT(bench.array.time().blocked() == Cycles{stalled});
  RC_ASSERT(bench.array.time().total() == Cycles{20'000});
}

}  // namespace
}  // namespace hdp::test
