// SPDX-License-Identifier: Apache-2.0
// The closed formulas of docs/hdp.md for an HDP head on an unloaded machine, to the cycle.
#include <array>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "machine/formulas.hpp"

namespace hdp::test {
namespace {

constexpr std::array kPrecisions{Precision::Uniform, Precision::Fused, Precision::Split};

struct Shape {
  std::int64_t queries, keys, d;
  bool causal;
};
// One to three strips of eight rows: whole, with edges, causal, a decode step.
constexpr std::array kShapes{Shape{8, 32, 64, false}, Shape{24, 24, 64, false},
                             Shape{5, 19, 64, false}, Shape{21, 37, 64, false},
                             Shape{16, 16, 64, true}, Shape{13, 29, 64, true},
                             Shape{1, 33, 64, true},  Shape{24, 40, 100, false}};

HdpConfig machine(std::int64_t b, Precision precision, ScoreStore store) {
  HdpConfig config = unloaded(8, 8, b, precision);
  config.core.score_store = store;
  if (precision == Precision::Split)  // an engine that stays in the shadow of short tiles
    config.core.sparsity_engine = {.blocks_per_cycle = 64,
                                   .threshold_cycles = 1,
                                   .compares_per_cycle = 64,
                                   .head_test_cycles = 1};
  return config;
}

void expect_exact(const HdpConfig& config, const Shape& shape, std::int64_t blocks) {
  const Problem problem{0, shape.queries, shape.keys, shape.causal};
  const std::int64_t b = config.prune.block_size;
  const Kept kept = leftmost(problem, b, blocks);
  const Expected want = expect_hdp(config, shape.d, problem, kept);
  const Played got = play(config, shape.d, plan_of(problem, b, kept));
  SCOPED_TRACE(fmt::format("{} x {} d {} causal {} b {} precision {} recompute {} blocks {}",
                           shape.queries, shape.keys, shape.d, shape.causal, b,
                           name_of(config.core.pe_array.precision),
                           config.core.score_store == ScoreStore::Recompute, blocks));
  EXPECT_EQ(got.phase(RecordedPhase::Integer).start, Cycle{kFirstTile});
  EXPECT_EQ(got.phase(RecordedPhase::Integer).end, Cycle{kFirstTile + want.integer()});
  EXPECT_EQ(got.phase(RecordedPhase::Decide).start, Cycle{kFirstTile + want.tiles[0] * want.tile});
  EXPECT_EQ(got.phase(RecordedPhase::Decide).end, Cycle{want.decision()});
  EXPECT_EQ(got.phase(RecordedPhase::Fraction).start, Cycle{want.decision() + kKeptOperands});
  EXPECT_EQ(got.array("integer"), want.integer());
  EXPECT_EQ(got.array("fraction"), Expected::sum(want.fraction));
  EXPECT_EQ(got.array("value"), Expected::sum(want.value));
  EXPECT_EQ(got.unit("core0.softmax").busy, Expected::sum(want.softmax));
  EXPECT_EQ(got.unit("core0.pe_array").busy,
            want.integer() + Expected::sum(want.fraction) + Expected::sum(want.value));
  EXPECT_EQ(got.blocked("core0.pe_array", "sram_bank"), 0);
  EXPECT_EQ(got.blocked("core0.pe_array", "output"), 0);
  EXPECT_EQ(got.cycles, expected_cycles(want));
}

TEST(HdpFormulaTest, EveryPhaseAndTheWholeHeadAreExact) {
  for (const Shape& shape : kShapes)
    for (const Precision precision : kPrecisions)
      for (const std::int64_t b : {1, 2, 4})
        for (const ScoreStore store : {ScoreStore::Keep, ScoreStore::Recompute})
          for (const std::int64_t blocks : {1, 3, 5, 100})
            expect_exact(machine(b, precision, store), shape, blocks);
}

TEST(HdpFormulaTest, AStripOfFourTilesByHand) {
  // 4 tiles of 64; 16 blocks to add; 4 rows of blocks of 4 + 1 cycles, the head test; 4 kept blocks
  // side by side take 128; 8 rows of 8 scores on 8 lanes; 8 keys of 8 cycles.
  const Problem problem{0, 8, 32, false};
  const Played got = play(unloaded(8, 8), 64, plan_of(problem, 2, leftmost(problem, 2, 4)));
  EXPECT_EQ(got.cycles, 7 + 256 + (4 + 16 + 20 + 1 + 1) + 7 + 128 + (4 + 8 + 87) + 1 + 64 + 10);
}

TEST(HdpFormulaTest, TheSlowestRowOfBlocksSetsTheStrip) {
  const Problem problem{0, 8, 32, false};
  Kept kept = leftmost(problem, 2, 1);
  kept[2] = {0, 1, 2, 3, 4};  // two passes of four blocks
  const Played got = play(unloaded(8, 8), 64, plan_of(problem, 2, kept));
  EXPECT_EQ(got.array("fraction"), 2 * 128);
  EXPECT_EQ(got.array("value"), 5 * 2 * 8);
  EXPECT_EQ(got.unit("core0.softmax").busy, 6 * 1 + 2 * 2);
}

TEST(HdpFormulaTest, EveryFurtherRangeOfKeptRowsIsARequestAndACycle) {
  const Problem problem{0, 8, 32, false};
  const auto gap = [&](const Kept& kept) {
    const Played got = play(unloaded(8, 8), 64, plan_of(problem, 2, kept));
    return got.phase(RecordedPhase::Fraction).start - got.phase(RecordedPhase::Decide).end;
  };
  EXPECT_EQ(gap({{0}, {1}, {2}, {3}}), Cycles{kKeptOperands});  // rows 0 to 7: one range
  EXPECT_EQ(gap({{0}, {2}, {4}, {6}}), Cycles{kKeptOperands + 3});
}

TEST(HdpFormulaTest, FourStripsOverlap) {
  // Fractions of 128 from 1080 to 1592; probabilities come 99 cycles behind each, the first while
  // the array has been given the others. Then P.V of four strips of 64.
  const Problem problem{0, 32, 32, false};
  const Played got = play(unloaded(8, 8), 64, plan_of(problem, 2, leftmost(problem, 2, 4)));
  EXPECT_EQ(got.phase(RecordedPhase::Fraction).start, Cycle{1080});
  EXPECT_EQ(got.phase(RecordedPhase::Fraction).end, Cycle{1592});
  EXPECT_EQ(got.phase(RecordedPhase::Softmax).start, Cycle{1208});
  EXPECT_EQ(got.phase(RecordedPhase::Softmax).end, Cycle{1592 + 99});
  EXPECT_EQ(got.phase(RecordedPhase::Value).start, Cycle{1592});
  EXPECT_EQ(got.cycles, 1592 + 4 * 64 + kWriteBack);
  EXPECT_EQ(got.blocked("core0.pe_array", "softmax"), 0);
}

TEST(HdpFormulaTest, APrunedHeadEndsWithItsDecision) {
  const Problem problem{0, 24, 24, false};
  const Kept kept = leftmost(problem, 2, 4);
  HdpConfig config = unloaded(8, 8);
  const std::int64_t decision = expect_hdp(config, 64, problem, kept).decision();
  // Three zero strips are asked for one a cycle; the last is there 6 cycles after.
  EXPECT_EQ(play(config, 64, plan_of(problem, 2, kept, false)).cycles, decision + 2 + 6);
  config.core.write_zeros = false;
  EXPECT_EQ(play(config, 64, plan_of(problem, 2, kept, false)).cycles, decision + 1);
}

TEST(HdpFormulaTest, ASlowEngineSetsThePaceOfTheIntegerPass) {
  // Split: 4 cycles a tile, 16 blocks at one a cycle. The engine begins after the first tile and
  // its pipeline, and never pauses.
  const Problem problem{0, 8, 64, false};
  const Played got =
      play(unloaded(8, 8, 2, Precision::Split), 64, plan_of(problem, 2, leftmost(problem, 2, 1)));
  const std::int64_t select = 4 * (4 + 2) + 1;
  EXPECT_EQ(got.phase(RecordedPhase::Decide).end,
            Cycle{kFirstTile + 4 + kPipeline + 8 * 16 + select + kMaskHop});
}

TEST(HdpFormulaTest, WithoutFractionBitsTheFractionPassIsOneEmptyJobAStrip) {
  HdpConfig config = unloaded(8, 8);
  config.prune.fraction_bits = 0;
  const Problem problem{0, 16, 16, false};
  const Played got = play(config, 64, plan_of(problem, 2, leftmost(problem, 2, 4)));
  EXPECT_EQ(got.array("fraction"), 2);
  EXPECT_EQ(got.totals().macs[static_cast<std::size_t>(Phase::Fraction)], 0);
  EXPECT_EQ(got.read_of(Tensor::QFrac) + got.read_of(Tensor::KFrac), 0);
}

TEST(HdpFormulaTest, MaskedZeroReadsEveryVisibleRow) {
  HdpConfig config = unloaded(8, 8);
  config.prune.masked = Masked::Zero;
  const Problem problem{0, 16, 32, true};
  const Played got = play(config, 64, plan_of(problem, 2, leftmost(problem, 2, 1)));
  EXPECT_EQ(got.array("value"), (24 + 32) * 8);
  EXPECT_EQ(got.read_of(Tensor::V), 32 * 128);
  std::int64_t softmax = 0;
  for (std::int64_t i = 0; i < 16; ++i) softmax += ceil_of(17 + i, 8);
  EXPECT_EQ(got.unit("core0.softmax").busy, softmax);
}

}  // namespace
}  // namespace hdp::test
