// SPDX-License-Identifier: Apache-2.0
// The matrix engine against the formulas of sim/units/matrix_engine.md.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <support/timeline_recorder.hpp>

#include <hdp/kernel/engine.hpp>
#include <hdp/units/matrix_engine.hpp>

namespace hdp::test {
namespace {

constexpr Cycles kLatency{4};

struct MatrixBench {
  explicit MatrixBench(std::size_t output_slots = 64) : done(output_slots, kLatency) {
    engine.add(unit);
  }
  void run_to(Cycle now) { engine.run_for(now - engine.now()); }

  Channel<MatrixPass> passes{100};
  Wire<MatrixWait> wait{MatrixWait::Nothing};
  Channel<MatrixPassDone> done;
  MatrixEngine unit{"matrix_engine", {passes, wait, done}};
  Engine engine;
};

TEST(MatrixEngineTest, PublishedPointsTakeAGroupACycle) {
  // 2:8 with L = 1, and 2:4 and 1:8 with L = 2: a multiplier is never idle.
  const MatrixArray two{.depth = 2};
  EXPECT_EQ(tile_cycles(two, {2, 8}, 768), 768 / 8);
  EXPECT_EQ(tile_cycles({.depth = 4}, {2, 4}, 768), 768 / 8);
  EXPECT_EQ(tile_cycles(two, {1, 8}, 768), 768 / 16);
  EXPECT_EQ(tile_cycles(two, {}, 768), 768 / 2);
}

TEST(MatrixEngineTest, ShortGroupsAndOddDepthsAreRoundedUp) {
  EXPECT_EQ(tile_cycles({.depth = 2}, {2, 8}, 1), 1);
  EXPECT_EQ(tile_cycles({.depth = 2}, {2, 8}, 9), 2);
  EXPECT_EQ(tile_cycles({.depth = 5}, {2, 4}, 32), 4);   // two groups a cycle, a multiplier idle
  EXPECT_EQ(tile_cycles({.depth = 1}, {2, 8}, 64), 16);  // a group takes two cycles
  EXPECT_EQ(tile_cycles({.depth = 3}, {4, 4}, 8), 4);
  EXPECT_EQ(tile_cycles({.depth = 3}, {}, 10), 4);
  EXPECT_EQ(tile_cycles({.depth = 2, .cycles_per_product = 3}, {2, 8}, 16), 6);
  EXPECT_EQ(products_of({2, 8}, 9), 4);
  EXPECT_EQ(products_of({}, 9), 9);
}

RC_GTEST_PROP(MatrixEngineTest, WholeGroupsTakeTheShareThatIsKept, ()) {
  const std::int64_t kept = *rc::gen::inRange(1, 9), groups = *rc::gen::inRange(1, 5);
  const std::int64_t of = kept + *rc::gen::inRange(0, 9);
  const MatrixArray array{.depth = kept * groups};
  const std::int64_t reduction = of * groups * kept * *rc::gen::inRange(1, 50);
  RC_ASSERT(tile_cycles(array, {kept, of}, reduction) * of ==
            tile_cycles(array, {}, reduction) * kept);
}

TEST(MatrixEngineTest, PassesFollowEachOtherAndResultsALatencyLater) {
  MatrixBench bench;
  TimelineRecorder timeline;
  bench.unit.set_timeline(&timeline);
  for (const std::int64_t cycles : {5, 0, 7})
    bench.passes.push(Cycle{9}, {"ffn_1", cycles, 3 * cycles, cycles == 7});
  bench.run_to(Cycle{100});
  bench.engine.close_all();
  for (const std::int64_t end : {15, 16, 23}) {  // a pass takes at least one cycle
    EXPECT_EQ(bench.done.next_pop(), Cycle{end} + kLatency);
    EXPECT_EQ(bench.done.pop(Cycle{100}).end, Cycle{end});
  }
  const UnitReport report = bench.unit.report();
  EXPECT_EQ(report.busy, 13);
  EXPECT_EQ(report.idle, 87);
  const std::vector<std::int64_t> want{3, 6, 7, 36};
  for (std::size_t c = 0; c < want.size(); ++c) EXPECT_EQ(report.counters[c].value, want[c]);
}

TEST(MatrixEngineTest, WithoutAPassItIsBlockedOnWhatTheWireSays) {
  MatrixBench bench;
  bench.run_to(Cycle{10});
  bench.wait.set(Cycle{9}, MatrixWait::Vector);
  bench.run_to(Cycle{17});
  bench.wait.set(Cycle{16}, MatrixWait::Memory);
  bench.run_to(Cycle{30});
  bench.engine.close_all();
  EXPECT_EQ(bench.unit.time().idle(), Cycles{10});
  EXPECT_EQ(bench.unit.time().blocked(MatrixWait::Vector), Cycles{7});
  EXPECT_EQ(bench.unit.time().blocked(MatrixWait::Memory), Cycles{13});
}

TEST(MatrixEngineTest, AFullOutputBlocksIt) {
  MatrixBench bench(1);
  for (const std::int64_t cycles : {10, 10}) bench.passes.push(Cycle{0}, {"q", cycles, 0, false});
  bench.run_to(Cycle{60});
  bench.done.pop(Cycle{59});
  bench.run_to(Cycle{70});
  bench.engine.close_all();
  EXPECT_EQ(bench.done.next_pop(), Cycle{60} + kLatency);
  EXPECT_EQ(bench.unit.time().busy(), Cycles{20});
  EXPECT_EQ(bench.unit.time().blocked(MatrixWait::Output), Cycles{39});
}

}  // namespace
}  // namespace hdp::test
