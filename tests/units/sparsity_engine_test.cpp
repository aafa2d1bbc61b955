// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <support/timeline_recorder.hpp>

#include <hdp/kernel/engine.hpp>
#include <hdp/units/sparsity_engine.hpp>

namespace hdp::test {
namespace {

struct EngineBench {
  explicit EngineBench(std::size_t output_slots = 64) : masks(output_slots) { engine.add(unit); }
  void run_to(Cycle now) { engine.run_for(now - engine.now()); }

  Channel<EngineTile> tiles{64};
  Channel<StripMask> masks;
  SparsityEngine unit{"se", tiles, masks};
  Engine engine;
};

TEST(SparsityEngineTest, FormulasOfThePage) {
  SparsityEngineConfig edge;
  EXPECT_EQ(engine_add_cycles(edge, 16), Cycles{16});
  EXPECT_EQ(engine_select_cycles(edge, 256), Cycles{4 + 16});
  EXPECT_EQ(engine_select_cycles(edge, 257), Cycles{4 + 17});
  SparsityEngineConfig server;
  server.blocks_per_cycle = 4;
  EXPECT_EQ(engine_add_cycles(server, 64), Cycles{16});
  EXPECT_EQ(engine_add_cycles(server, 65), Cycles{17});
  EXPECT_EQ(edge.head_test_cycles, 1);
}

RC_GTEST_PROP(SparsityEngineTest, FormulasRoundUpToWholeCycles, ()) {
  SparsityEngineConfig config;
  config.blocks_per_cycle = *rc::gen::inRange(1, 50);
  config.threshold_cycles = *rc::gen::inRange(0, 20);
  config.compares_per_cycle = *rc::gen::inRange(1, 50);
  const std::int64_t blocks = *rc::gen::inRange(1, 5'000);
  const std::int64_t add = engine_add_cycles(config, blocks).count;
  RC_ASSERT(add * config.blocks_per_cycle >= blocks);
  RC_ASSERT((add - 1) * config.blocks_per_cycle < blocks);
  const std::int64_t compare = engine_select_cycles(config, blocks).count - config.threshold_cycles;
  RC_ASSERT(compare * config.compares_per_cycle >= blocks);
  RC_ASSERT((compare - 1) * config.compares_per_cycle < blocks);
}

TEST(SparsityEngineTest, MasksAreKnownACycleAfterTheLastTileIsAddedAndSelected) {
  EngineBench bench;
  bench.tiles.push(Cycle{4}, {{7, 8}, 16, 0});
  bench.tiles.push(Cycle{4}, {{7, 8}, 16, 20});
  bench.run_to(Cycle{100});
  bench.engine.close_all();
  EXPECT_EQ(bench.masks.size(), 1U) << "one mask a strip";
  EXPECT_EQ(bench.masks.next_pop(), Cycle{5 + 16 + 16 + 20 + 1});
  EXPECT_EQ(bench.masks.pop(Cycle{58}).id, (StripId{7, 8}));
  EXPECT_EQ(bench.unit.tiles(), 2);
  EXPECT_EQ(bench.unit.strips(), 1);
  EXPECT_EQ(bench.unit.time().busy(), Cycles{52});
  EXPECT_EQ(bench.unit.time().idle(), Cycles{48});
}

TEST(SparsityEngineTest, ATileTakesAtLeastOneCycle) {
  EngineBench bench;
  for (int i = 0; i < 5; ++i) bench.tiles.push(Cycle{0}, {{}, 0, 0});
  bench.tiles.push(Cycle{0}, {{}, 0, 1});
  bench.run_to(Cycle{20});
  EXPECT_EQ(bench.masks.next_pop(), Cycle{1 + 5 + 1 + 1});
}

TEST(SparsityEngineTest, OnlyAMaskCanBeBlockedByAFullOutput) {
  EngineBench bench(1);
  bench.tiles.push(Cycle{0}, {{0, 0}, 2, 3});  // [1, 6)
  bench.tiles.push(Cycle{0}, {{0, 1}, 4, 0});  // [6, 10)
  bench.tiles.push(Cycle{0}, {{0, 1}, 4, 3});  // [10, 17), handed over at 40
  bench.tiles.push(Cycle{0}, {{0, 2}, 5, 0});  // [40, 45)
  bench.run_to(Cycle{40});
  EXPECT_EQ(bench.masks.next_pop(), Cycle{7});
  bench.masks.pop(Cycle{39});
  bench.run_to(Cycle{60});
  bench.engine.close_all();
  EXPECT_EQ(bench.masks.next_pop(), Cycle{41});
  EXPECT_EQ(bench.unit.time().busy(), Cycles{5 + 4 + 7 + 5});
  EXPECT_EQ(bench.unit.time().blocked(EngineWait::Output), Cycles{40 - 17});
  EXPECT_EQ(bench.unit.time().idle(), Cycles{1 + 15});
}

TEST(SparsityEngineTest, DrawsTilesAndWhatClosesAStrip) {
  EngineBench bench;
  TimelineRecorder recorder;
  bench.unit.set_timeline(&recorder);
  bench.tiles.push(Cycle{0}, {{}, 4, 0});
  bench.tiles.push(Cycle{0}, {{}, 4, 6});
  bench.run_to(Cycle{50});
  EXPECT_EQ(recorder.lines, (std::vector<std::string>{"se add 1-5", "se select 5-15"}));
}

TEST(SparsityEngineTest, ADeadlockSaysThatTheMaskIsNotTaken) {
  EngineBench bench(1);
  for (int i = 0; i < 2; ++i) bench.tiles.push(Cycle{0}, {{}, 1, 1});
  try {
    bench.engine.run_until_idle(Cycle{1'000}, [] { return false; });
    ADD_FAILURE();
  } catch (const Deadlock& deadlock) {
    EXPECT_STREQ(deadlock.what(),
                 "no component can make progress at cycle 5\n  se: mask not taken");
  }
}

RC_GTEST_PROP(SparsityEngineTest, RandomTilesFollowEachOtherWithoutABubble, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(1, 60);
  EngineBench bench;
  std::int64_t end = 1;
  std::vector<Cycle> masks;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t add = *rc::gen::inRange(0, 40);
    const std::int32_t select = *rc::gen::inRange(0, 3) == 0 ? *rc::gen::inRange(1, 90) : 0;
    bench.tiles.push(Cycle{0}, {{}, add, select});
    end += std::max(1, add + select);
    if (select != 0) masks.push_back(Cycle{end + 1});
  }
  bench.run_to(Cycle{10'000});
  bench.engine.close_all();
  for (const Cycle at : masks) {
    RC_ASSERT(bench.masks.next_pop() == at);
    bench.masks.pop(Cycle{10'000});
  }
  RC_ASSERT(bench.masks.empty());
  RC_ASSERT(bench.unit.time().busy() == Cycles{end - 1});
  RC_ASSERT(bench.unit.time().idle() == Cycles{10'000 - end + 1});
}

}  // namespace
}  // namespace hdp::test
