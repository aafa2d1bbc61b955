// SPDX-License-Identifier: Apache-2.0
// Bank conflicts, counted by hand.
#include <algorithm>

#include <gtest/gtest.h>

#include "machine/bench.hpp"

namespace hdp::test {
namespace {

constexpr Problem kWide{0, 8, 64, false};  // one strip, 4 rows of blocks, 32 columns of blocks

/// d = 64 in words of 256 bits: a row is 4 words, a column of blocks 8; four banks.
HdpConfig banked(Precision precision) {
  HdpConfig config = unloaded(8, 8, 2, precision);
  config.core.k_sram = {1 << 20, 4, 256};
  config.core.v_sram = {1 << 20, 4, 256};
  return config;
}

std::int64_t stall(const HdpConfig& config, const Kept& kept) {
  return play(config, 64, plan_of(kWide, 2, kept)).blocked("core0.pe_array", "sram_bank");
}

TEST(SramBankTest, BlocksSpreadOverTheBanksDoNotStall) {
  // Four row blocks x four different columns, four to a bank: 32 words against 64 of P.V.
  EXPECT_EQ(stall(banked(Precision::Fused),
                  {{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10, 11}, {12, 13, 14, 15}}),
            0);
}

TEST(SramBankTest, AWindowTakesAsLongAsItsBusiestBank) {
  // Sixteen columns of blocks that all lie in bank 0: 16 x 8 = 128 words; a fused pass takes 64 and
  // the eight keys of P.V. 64.
  const Kept kept{{0, 16, 4, 20}, {8, 24, 12, 28}, {0, 4, 8, 12}, {16, 20, 24, 28}};
  Kept sorted = kept;
  for (auto& row : sorted) std::sort(row.begin(), row.end());
  // Only eight of the sixteen differ: the others are broadcasts, and 64 words come from bank 0. The
  // sixteen rows were written before: of three words (the fraction plane), and of four.
  const std::int64_t v_stall = 64 + 16 * 4 / 4 - 64;
  EXPECT_EQ(stall(banked(Precision::Fused), sorted), 64 + 16 * 3 / 4 - 64 + v_stall);
  HdpConfig narrow = banked(Precision::Fused);
  narrow.core.k_sram.word_bits = 128;  // 8 x 16 = 128 words, rows of six
  const std::int64_t k_stall = 128 + 16 * 6 / 4 - 64;
  EXPECT_EQ(stall(narrow, sorted), k_stall + v_stall);
  narrow.core.v_sram.word_bits = 64;  // 8 x 32 = 256 words, rows of sixteen
  EXPECT_EQ(stall(narrow, sorted), k_stall + 256 + 16 * 16 / 4 - 64);
}

TEST(SramBankTest, EveryWindowCountsForItself) {
  // Two windows of four kept blocks a row: the first all in bank 0, the second spread.
  HdpConfig config = banked(Precision::Fused);
  config.core.k_sram.word_bits = 64;  // a column of blocks is 32 words
  const Kept kept(4, {0, 4, 8, 12, 16, 17, 18, 19});
  // 128 words, then 32; sixteen rows of twelve words were written: more than two passes of 64.
  EXPECT_EQ(stall(config, kept), 128 + 32 + 16 * 12 / 4 - 128);
  config.core.k_sram.banks = 1;
  EXPECT_EQ(stall(config, kept), 128 + 128 + 16 * 12 - 128);
}

TEST(SramBankTest, StallsAreNoBusyCycles) {
  HdpConfig config = banked(Precision::Fused);
  config.core.k_sram = {1 << 20, 1, 64};
  const Played slow = play(config, 64, plan_of(kWide, 2, Kept(4, {0, 1, 2, 3})));
  const Played fast = play(banked(Precision::Fused), 64, plan_of(kWide, 2, Kept(4, {0, 1, 2, 3})));
  EXPECT_EQ(slow.unit("core0.pe_array").busy, fast.unit("core0.pe_array").busy);
  EXPECT_EQ(slow.cycles, fast.cycles + (4 * 32 + 8 * 12 - 64));
}

}  // namespace
}  // namespace hdp::test
