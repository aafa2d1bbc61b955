// SPDX-License-Identifier: Apache-2.0
// What sizes and ports of SRAMs cost, to the cycle: strips that wait for room, V in pieces, narrow
// words on every machine.
#include <gtest/gtest.h>

#include "machine/formulas.hpp"

namespace hdp::test {
namespace {

constexpr std::int64_t kDepth = 64, kRow = 2 * kDepth;

TEST(SramRoomTest, OneStripAtATimeWhereTheScoresOfOneFit) {
  // Four strips of 4 tiles of 64, 8 rows of 32 scores on 8 lanes, P.V of 32 keys of 8 cycles. The
  // tiles of a strip wait until P.V of the one before is known to be done.
  const Problem problem{0, 32, 32, false};
  HdpConfig config = unloaded(8, 8);
  config.core.score_sram.bytes = 8 * 32 * 2;
  const std::int64_t strip = 256 + kPipeline + 32 + kSoftmaxLatency + kJobHop + 256;
  EXPECT_EQ(play_dense(config, shape_of(problem, kDepth), problem).cycles,
            kFirstTile + 4 * strip + 3 * (kPipeline + kJobHop) + kWriteBack);
  config.core.score_sram.bytes *= 4;  // all of them at once
  EXPECT_EQ(play_dense(config, shape_of(problem, kDepth), problem).cycles,
            kFirstTile + 4 * 256 + 4 * 256 + kWriteBack);
}

/// One strip of dense attention over 64 keys, whose P.V takes 512 cycles.
std::int64_t cycles_with_v(std::int64_t rows) {
  const Problem problem{0, 8, 64, false};
  HdpConfig config = unloaded(8, 8);
  config.core.v_sram.bytes = rows * kRow;
  return play_dense(config, shape_of(problem, kDepth), problem).cycles;
}

TEST(SramRoomTest, VComesInPieces) {
  const std::int64_t whole = cycles_with_v(64);
  EXPECT_EQ(cycles_with_v(63), whole);  // pieces of 31 rows, each loaded behind the last
  EXPECT_EQ(cycles_with_v(16), whole);  // eight pieces of 8 rows
  // One place only: the next rows are asked for once the array is known to be done with the last,
  // are there five cycles later, and the job takes a hop.
  const std::int64_t wait = kPipeline + 5 + kJobHop;
  EXPECT_EQ(cycles_with_v(15), whole + 4 * wait);  // 15 + 15 + 15 + 15 + 4
  EXPECT_EQ(cycles_with_v(8), whole + 7 * wait);
}

TEST(SramRoomTest, KAndVComeAgainOnlyWhereThereAreSeveralGroups) {
  HdpConfig config = without_pruning(unloaded(8, 8));
  const auto again = [&](const HdpConfig& machine, std::int64_t queries) {
    const Problem problem{0, queries, 64, false};
    return play_dense(machine, shape_of(problem, 64), problem).totals().further_groups;
  };
  EXPECT_EQ(again(config, 32), 0);  // everything stays
  config.core.k_sram.bytes = config.core.v_sram.bytes = 2048;
  EXPECT_EQ(again(config, 8), 0);
  config.core.q_sram.bytes = 2 * 8 * 128;  // two strips of four
  EXPECT_GT(again(config, 32), 0);
}

TEST(SramRoomTest, UnfinishedOutputsGoThroughTheScoreSram) {
  const Problem problem{0, 8, 64, false};
  HdpConfig config = unloaded(8, 8);
  config.core.v_sram.bytes = 16 * kRow;
  config.core.score_sram.word_bits = 16;
  config.core.score_sram.banks = 1;
  const Played pieces = play_dense(config, shape_of(problem, kDepth), problem);
  config.core.v_sram.bytes = 64 * kRow;
  const Played whole = play_dense(config, shape_of(problem, kDepth), problem);
  // Eight pieces, each reads and writes 8 x 64 sums of 40 bits.
  const std::int64_t sums = 8 * 8 * 64 * 40;
  EXPECT_EQ(pieces.counter("core0.score_sram", "bits_read"),
            whole.counter("core0.score_sram", "bits_read") + sums);
  EXPECT_EQ(pieces.counter("core0.score_sram", "bits_written"),
            whole.counter("core0.score_sram", "bits_written") + sums);
  EXPECT_GT(pieces.blocked("core0.pe_array", "sram_bank"),
            whole.blocked("core0.pe_array", "sram_bank"));
}

TEST(SramRoomTest, WithoutAHeadThresholdAStripNeedsNoDecision) {
  // The sums of docs/hdp.md without the head test: one strip of four tiles, four kept blocks.
  const Problem problem{0, 8, 32, false};
  HdpConfig config = unloaded(8, 8);
  config.prune.tau = -1;
  EXPECT_EQ(play(config, kDepth, plan_of(problem, 2, leftmost(problem, 2, 4))).cycles,
            7 + 256 + (4 + 16 + 20 + 1) + 7 + 128 + (4 + 8 + 87) + 1 + 64 + 10);
}

/// Stalls of the array on its SRAMs, with one bank of so many bits for one of them.
std::int64_t stalls(bool pruning, SramConfig CoreConfig::*sram, std::int64_t word_bits) {
  const Problem problem{0, 8, 32, false};
  HdpConfig config = unloaded(8, 8);
  (config.core.*sram).banks = 1;
  (config.core.*sram).word_bits = word_bits;
  const Played played = pruning ? play(config, kDepth, plan_of(problem, 2, leftmost(problem, 2, 4)))
                                : play_dense(config, shape_of(problem, kDepth), problem);
  return played.blocked("core0.pe_array", "sram_bank");
}

TEST(SramRoomTest, ANarrowSramHurtsDenseAttentionToo) {
  // Tiles read eight rows of 1024 bits and write as many of K; of Q once a strip.
  EXPECT_EQ(stalls(false, &CoreConfig::k_sram, 1), 4 * (2 * 8 * 1024 - 64));
  EXPECT_EQ(stalls(false, &CoreConfig::q_sram, 1), 4 * (8 * 1024 - 64) + 8 * 1024);
  // 32 rows written and read in P.V of 256 cycles.
  EXPECT_EQ(stalls(false, &CoreConfig::v_sram, 1), 2 * 32 * 1024 - 256);
  // 8 x 8 scores of 16 bits a tile; probabilities of 8 x 32 in P.V.
  EXPECT_EQ(stalls(false, &CoreConfig::score_sram, 1), 4 * (1024 - 64) + 8 * 32 * 16 - 256);
}

TEST(SramRoomTest, ANarrowSramHurtsEveryPhaseOfHdp) {
  // Integer pass: rows of 256 bits; kept: eight rows of K of 1024 bits, of which 768 are fetched.
  EXPECT_EQ(stalls(true, &CoreConfig::k_sram, 1), 4 * (2 * 8 * 256 - 64) + 8 * (1024 + 768) - 128);
  EXPECT_EQ(stalls(true, &CoreConfig::q_sram, 1),
            4 * (8 * 256 - 64) + 8 * 256 + 8 * (1024 + 768) - 128);
  EXPECT_EQ(stalls(true, &CoreConfig::v_sram, 1), 2 * 8 * 1024 - 64);
  // Integer scores out; of 64 kept ones in and whole ones out; probabilities in.
  EXPECT_EQ(stalls(true, &CoreConfig::score_sram, 1),
            4 * (1024 - 64) + (2 * 1024 - 128) + (1024 - 64));
}

TEST(SramRoomTest, ANarrowScoreSramHoldsTheSoftmaxUp) {
  const Problem problem{0, 8, 32, false};
  HdpConfig config = unloaded(8, 8);
  config.core.score_sram = {1 << 20, 1, 16};
  // 256 scores in and as many probabilities out, a value a cycle, through the unit's own port.
  EXPECT_EQ(play_dense(config, shape_of(problem, kDepth), problem).unit("core0.softmax").busy, 512);
}

TEST(SramRoomTest, ANarrowMaskSramHoldsTheSparsityEngineUp) {
  const Problem problem{0, 8, 32, false};
  HdpConfig config = unloaded(8, 8);
  config.core.mask_sram = {1 << 20, 1, 24};
  const Played played = play(config, kDepth, plan_of(problem, 2, leftmost(problem, 2, 4)));
  // 16 importances a tile, one a cycle as before; then rows of 16 importances and a word of mask.
  EXPECT_EQ(played.unit("core0.sparsity_engine").busy, 4 * 16 + 4 * 17 + 1);
  config.core.mask_sram.word_bits = 8;
  const Played narrow = play(config, kDepth, plan_of(problem, 2, leftmost(problem, 2, 4)));
  EXPECT_EQ(narrow.unit("core0.sparsity_engine").busy, 4 * 48 + 4 * (48 + 2) + 1);
}

}  // namespace
}  // namespace hdp::test
