// SPDX-License-Identifier: Apache-2.0
// What must hold whatever the unknown parameters are: operations, ratios of cycles, bytes.
#include <array>

#include <gtest/gtest.h>

#include "machine/bench.hpp"

namespace hdp::test {
namespace {

constexpr Problem kWhole{0, 48, 48, false};
constexpr std::int64_t kDim = 64;
constexpr std::int64_t kEntries = 48 * 48;

std::int64_t macs(const Played& played, Phase phase) {
  return played.totals().macs[static_cast<std::size_t>(phase)];
}

/// Every row of blocks keeps `count` of 24.
Played balanced(const HdpConfig& config, std::int64_t count) {
  return play(config, kDim, plan_of(kWhole, 2, leftmost(kWhole, 2, count)));
}

TEST(IdentityTest, OperationsByPhase) {
  const Played half = balanced(unloaded(8, 8), 12);
  EXPECT_EQ(macs(half, Phase::Integer), kEntries * kDim);
  EXPECT_EQ(macs(half, Phase::Fraction), 2 * kEntries / 2 * kDim);
  EXPECT_EQ(macs(half, Phase::Value), kEntries / 2 * kDim);
  EXPECT_EQ(macs(half, Phase::Score), 0);
  EXPECT_EQ(half.totals().blocks, 24 * 24);
  EXPECT_EQ(half.totals().softmax_entries, kEntries / 2);
  EXPECT_EQ(half.totals().softmax_rows, 48);
  EXPECT_EQ(half.totals().recompute_macs, 0);

  const Played pruned =
      play(unloaded(8, 8), kDim, plan_of(kWhole, 2, leftmost(kWhole, 2, 12), false));
  EXPECT_EQ(macs(pruned, Phase::Integer), kEntries * kDim);
  EXPECT_EQ(macs(pruned, Phase::Fraction) + macs(pruned, Phase::Value), 0);

  const Played dense = play_dense(unloaded(8, 8), shape_of(kWhole, kDim), kWhole);
  EXPECT_EQ(macs(dense, Phase::Score), kEntries * kDim);
  EXPECT_EQ(macs(dense, Phase::Value), kEntries * kDim);
}

TEST(IdentityTest, ExactProductsAreThreeAndRecomputationIsOneMore) {
  HdpConfig config = unloaded(8, 8);
  config.prune.approximation = false;
  config.core.score_store = ScoreStore::Recompute;
  const Played played = balanced(config, 8);
  EXPECT_EQ(macs(played, Phase::Fraction), 3 * kEntries / 3 * kDim);
  EXPECT_EQ(played.totals().recompute_macs, kEntries / 3 * kDim);
  EXPECT_EQ(played.array("fraction"), 6 * 2 * (3 + 1) * kDim);
}

TEST(IdentityTest, NothingPrunedIsDenseInOperations) {
  const Played all = play(unloaded(8, 8), kDim, plan_of(kWhole, 2, everything(kWhole, 2)));
  EXPECT_EQ(macs(all, Phase::Fraction), 2 * kEntries * kDim);
  EXPECT_EQ(macs(all, Phase::Value), kEntries * kDim);
}

/// Busy cycles of the array, dense over HDP, against 2 / (1 + a (1 - s)), without rounding.
void expect_ratio(Precision precision, std::int64_t kept_of_24, std::int64_t work_of_kept) {
  const HdpConfig config = unloaded(8, 8, 2, precision);
  const Played hdp = balanced(config, kept_of_24);
  const Played dense = play_dense(config, shape_of(kWhole, kDim), kWhole);
  const std::int64_t busy = hdp.unit("core0.pe_array").busy;
  EXPECT_EQ(dense.unit("core0.pe_array").busy * (24 + work_of_kept * kept_of_24), busy * 2 * 24);
  // Whole runs add the ends and the waits that the formulas of hdp_formula_test.cpp count.
  EXPECT_NEAR(static_cast<double>(hdp.cycles) / static_cast<double>(busy), 1.0, 0.08);
}

TEST(IdentityTest, UniformAndFusedSpeedupsOfBalancedMasks) {
  for (const std::int64_t kept : {4, 8, 12, 24}) {
    expect_ratio(Precision::Uniform, kept, 3);
    expect_ratio(Precision::Fused, kept, 2);
  }
}

TEST(IdentityTest, SplitSpeedupOfBalancedMasksIsThatOfBitProducts) {
  // 2 / (1/16 + 1.375 (1 - s)), where tiles come out in whole cycles (d = 64).
  for (const std::int64_t kept : {4, 8, 12, 24}) {
    const HdpConfig config = unloaded(8, 8, 2, Precision::Split);
    const std::int64_t busy = balanced(config, kept).unit("core0.pe_array").busy;
    const std::int64_t dense =
        play_dense(config, shape_of(kWhole, kDim), kWhole).unit("core0.pe_array").busy;
    EXPECT_EQ(dense * (24 + 22 * 24 * kept / 24), busy * 2 * 16 * 24);
  }
}

TEST(IdentityTest, UniformBreaksEvenAtTwoThirdsAndFusedAtOneHalf) {
  const auto busy = [](Precision precision, std::int64_t kept) {
    return balanced(unloaded(8, 8, 2, precision), kept).unit("core0.pe_array").busy;
  };
  const std::int64_t dense =
      play_dense(unloaded(8, 8), shape_of(kWhole, kDim), kWhole).unit("core0.pe_array").busy;
  EXPECT_EQ(busy(Precision::Uniform, 8), dense);
  EXPECT_EQ(busy(Precision::Fused, 12), dense);
}

TEST(IdentityTest, BytesOfAHeadThatKeepsEverything) {
  const Played all = play(unloaded(8, 8), kDim, plan_of(kWhole, 2, everything(kWhole, 2)));
  const std::int64_t ld = 48 * kDim;
  EXPECT_EQ(all.read_of(Tensor::QInt), ld / 2);  // 4 bits
  EXPECT_EQ(all.read_of(Tensor::KInt), ld / 2);
  EXPECT_EQ(all.read_of(Tensor::QFrac), ld * 12 / 8);
  EXPECT_EQ(all.read_of(Tensor::KFrac), ld * 12 / 8);
  EXPECT_EQ(all.read_of(Tensor::V), 2 * ld);
  EXPECT_EQ(all.read_of(Tensor::Q) + all.read_of(Tensor::K), 0);
  EXPECT_EQ(all.written[static_cast<std::size_t>(Tensor::Out)], 2 * ld);
  EXPECT_EQ(all.memory.read_bytes, 6 * ld);
  EXPECT_EQ(all.memory.written_bytes, 2 * ld);

  const Played dense = play_dense(unloaded(8, 8), shape_of(kWhole, kDim), kWhole);
  EXPECT_EQ(dense.read_of(Tensor::Q), 2 * ld);
  EXPECT_EQ(dense.read_of(Tensor::K), 2 * ld);
  EXPECT_EQ(dense.read_of(Tensor::V), 2 * ld);
  EXPECT_EQ(dense.memory.read_bytes, 6 * ld);
  EXPECT_EQ(dense.memory.written_bytes, 2 * ld);
}

TEST(IdentityTest, APrunedHeadReadsItsIntegerPlanesOnly) {
  HdpConfig config = unloaded(8, 8);
  const HdpPlan plan = plan_of(kWhole, 2, leftmost(kWhole, 2, 3), false);
  const Played zeros = play(config, kDim, plan);
  EXPECT_EQ(zeros.memory.read_bytes, 48 * kDim);
  EXPECT_EQ(zeros.memory.written_bytes, 2 * 48 * kDim);
  config.core.write_zeros = false;
  const Played nothing = play(config, kDim, plan);
  EXPECT_EQ(nothing.memory.read_bytes, 48 * kDim);
  EXPECT_EQ(nothing.memory.written_bytes, 0);
}

TEST(IdentityTest, FourColumnsOfBlocksAreFetchedOnce) {
  const Played some = balanced(unloaded(8, 8), 4);
  EXPECT_EQ(some.read_of(Tensor::KFrac), 8 * kDim * 12 / 8);
  EXPECT_EQ(some.read_of(Tensor::V), 8 * kDim * 2);
  HdpConfig config = unloaded(8, 8);
  config.core.fetch.reuse = false;  // 24 rows of blocks fetch their own
  EXPECT_EQ(balanced(config, 4).read_of(Tensor::KFrac), 24 * 8 * kDim * 12 / 8);
  EXPECT_EQ(balanced(config, 4).read_of(Tensor::V), 24 * 8 * kDim * 2);
}

TEST(IdentityTest, SramTrafficOfAStripByHand) {
  // Four tiles of 8 x 8, then four kept blocks of every row of blocks in one pass: broadcasts.
  const Problem strip{0, 8, 32, false};
  HdpConfig config = unloaded(8, 8);
  for (SramConfig CoreConfig::*sram :
       {&CoreConfig::q_sram, &CoreConfig::k_sram, &CoreConfig::v_sram, &CoreConfig::score_sram,
        &CoreConfig::mask_sram})
    (config.core.*sram).word_bits = 64;
  const Played got = play(config, 64, plan_of(strip, 2, leftmost(strip, 2, 4)));
  const auto read = [&](const char* sram) { return got.counter(sram, "bits_read"); };
  const auto written = [&](const char* sram) { return got.counter(sram, "bits_written"); };
  EXPECT_EQ(read("core0.q_sram"), 4 * 8 * 64 * 4 + 8 * 64 * 16);
  EXPECT_EQ(written("core0.q_sram"), 8 * 64 * 16);
  EXPECT_EQ(read("core0.k_sram"), 32 * 64 * 4 + 8 * 64 * 16);
  EXPECT_EQ(written("core0.k_sram"), 32 * 64 * 4 + 8 * 64 * 12);
  EXPECT_EQ(read("core0.v_sram"), 8 * 64 * 16);
  EXPECT_EQ(written("core0.v_sram"), 8 * 64 * 16);
  EXPECT_EQ(read("core0.score_sram"), 64 * 16 + 64 * (16 + 16));
  EXPECT_EQ(written("core0.score_sram"), 256 * 16 + 64 * (16 + 16));
  // Importances of 24 bits: two words for the four blocks of a tile, six for the sixteen of a row.
  EXPECT_EQ(read("core0.mask_sram"), 4 * (6 + 1) * 64);
  EXPECT_EQ(written("core0.mask_sram"), (4 * 4 * 2 + 4) * 64);
}

TEST(IdentityTest, ATileAtTheEdgeMovesTheKeysThatAreThere) {
  // 17 keys: two tiles of eight and one of one key; the last block has one key, too.
  const Problem strip{0, 8, 17, false};
  HdpConfig config = unloaded(8, 8);
  for (SramConfig CoreConfig::*sram :
       {&CoreConfig::q_sram, &CoreConfig::k_sram, &CoreConfig::score_sram, &CoreConfig::mask_sram})
    (config.core.*sram).word_bits = 16;
  const Played got = play(config, 64, plan_of(strip, 2, leftmost(strip, 2, 4), false));
  const auto read = [&](const char* sram) { return got.counter(sram, "bits_read"); };
  const auto written = [&](const char* sram) { return got.counter(sram, "bits_written"); };
  EXPECT_EQ(read("core0.q_sram"), 3 * 8 * 64 * 4);
  EXPECT_EQ(read("core0.k_sram"), 17 * 64 * 4);
  EXPECT_EQ(written("core0.k_sram"), 17 * 64 * 4);
  EXPECT_EQ(written("core0.score_sram"), 17 * 8 * 16);
  // Of a row of blocks: importances of four blocks in six words, of the last in two; nine masks.
  EXPECT_EQ(written("core0.mask_sram"), 4 * (2 * 6 + 2 + 1) * 16);
  const Played dense = play_dense(config, shape_of(strip, 64), strip);
  EXPECT_EQ(dense.counter("core0.k_sram", "bits_read"), 17 * 64 * 16);
  EXPECT_EQ(dense.counter("core0.k_sram", "bits_written"), 17 * 64 * 16);
}

TEST(IdentityTest, PortsOfATileAtTheEdgeTakeWhatItsKeysTake) {
  // A word of four bits a cycle: 64 cycles to write a key's plane, 64 to read it; a product, 64.
  HdpConfig config = unloaded(8, 8);
  config.core.k_sram.word_bits = 4;
  config.core.k_sram.banks = 1;
  const Problem strip{0, 8, 17, false};
  const Played got = play(config, 64, plan_of(strip, 2, leftmost(strip, 2, 4), false));
  EXPECT_EQ(got.blocked("core0.pe_array", "sram_bank"), 17 * (64 + 64) - 3 * 64);
}

}  // namespace
}  // namespace hdp::test
