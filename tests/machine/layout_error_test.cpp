// SPDX-License-Identifier: Apache-2.0
// What does not fit is cut into pieces; below one tile it is the user's mistake, and says what
// would do.
#include <gtest/gtest.h>
#include <support/tensor_file.hpp>

#include "machine/bench.hpp"

namespace hdp::test {
namespace {

constexpr Problem kSquare{0, 64, 64, false};

Layout layout_of(const HdpConfig& config) {
  return make_layout(config, shape_of(kSquare, 64), kSquare, {16, 12});
}
std::string layout_error(const HdpConfig& config) {
  return error_of([&] { layout_of(config); });
}

/// Rows of 32 bytes of the integer plane, 96 of the fraction plane, 128 of words.
HdpConfig machine(double tau = 1) {
  HdpConfig config;
  config.core.pe_array = {.rows = 8, .columns = 8};
  config.prune.tau = tau;
  return config;
}

void expect_least(HdpConfig config, SramConfig CoreConfig::*sram, std::int64_t bytes,
                  const std::string& message) {
  (config.core.*sram).bytes = bytes - 1;
  EXPECT_EQ(layout_error(config), message);
  (config.core.*sram).bytes = bytes;
  EXPECT_EQ(layout_error(config), "");
}

TEST(LayoutErrorTest, TheDefaultsFit) {
  EXPECT_EQ(layout_error(machine()), "");
  EXPECT_EQ(layout_error(machine(-1)), "");
}

TEST(LayoutErrorTest, ATileOfV) {
  for (HdpConfig config : {machine(), machine(-1), without_pruning(machine())})
    expect_least(config, &CoreConfig::v_sram, 1024,
                 "/core/v_sram/bytes: 1023 bytes do not hold one tile of V of 64 queries x 64 keys "
                 "[bytes]; allowed: at least 1024");
}

TEST(LayoutErrorTest, ATileOfK) {
  expect_least(
      machine(), &CoreConfig::k_sram, 2048,
      "/core/k_sram/bytes: 2047 bytes do not hold in each half one tile of K of 64 queries "
      "x 64 keys [bytes]; allowed: at least 2048");
  expect_least(without_pruning(machine()), &CoreConfig::k_sram, 1024,
               "/core/k_sram/bytes: 1023 bytes do not hold one tile of K of 64 queries x 64 keys "
               "[bytes]; allowed: at least 1024");
}

TEST(LayoutErrorTest, TheRowsOfABlock) {
  expect_least(machine(), &CoreConfig::q_sram, 512,
               "/core/q_sram/bytes: 511 bytes do not hold the rows of a block of Q of 64 queries x "
               "64 keys [bytes]; allowed: at least 512");
  expect_least(machine(), &CoreConfig::score_sram, 256,
               "/core/score_sram/bytes: 255 bytes do not hold the rows of a block of scores of 64 "
               "queries x 64 keys [bytes]; allowed: at least 256");
  // Dense attention has no blocks: a row of 64 scores of two bytes.
  expect_least(without_pruning(machine()), &CoreConfig::score_sram, 128,
               "/core/score_sram/bytes: 127 bytes do not hold the rows of a block of scores of 64 "
               "queries x 64 keys [bytes]; allowed: at least 128");
}

TEST(LayoutErrorTest, Masks) {
  // Until a late decision all masks, 32 x 32 bits, and the importances of a row, 32 x 24 bits.
  expect_least(
      machine(), &CoreConfig::mask_sram, 128 + 96,
      "/core/mask_sram/bytes: 223 bytes do not hold the block masks until the head decision "
      "of 64 queries x 64 keys [bytes]; allowed: at least 224, or a larger "
      "/prune/block_size, or a smaller /scheduling/slice_heads");
  // Else the importances of a row in seven eighths of it.
  expect_least(
      machine(-1), &CoreConfig::mask_sram, 110,
      "/core/mask_sram/bytes: 109 bytes do not hold a row of blocks of 64 queries x 64 keys "
      "[bytes]; allowed: at least 110, or a larger /prune/block_size, or a smaller "
      "/scheduling/slice_heads");
}

TEST(LayoutErrorTest, ScoresThatAreToBeKept) {
  HdpConfig config = machine();
  config.core.score_store = ScoreStore::Keep;
  expect_least(config, &CoreConfig::score_sram, 8192,
               "/core/score_sram/bytes: 8191 bytes do not hold the integer scores until the head "
               "decision of 64 queries x 64 keys [bytes]; allowed: at least 8192, or "
               "/core/score_store recompute or auto");
  config.core.score_sram.bytes = 8191;
  config.prune.tau = -1;  // nothing to wait for
  EXPECT_EQ(layout_error(config), "");
  EXPECT_EQ(layout_error(without_pruning(config)), "");
}

TEST(LayoutErrorTest, ABlockThatStraddlesTiles) {
  HdpConfig config = machine();
  config.core.pe_array.rows = 7;
  EXPECT_EQ(error_of([&] { validate(config); }),
            "/core/pe_array/rows: 7 is no multiple of /prune/block_size 2 [PEs]; allowed: "
            "multiples of 2, so that no block straddles two tiles");
  config.core.pe_array.rows = 8;
  config.core.pe_array.columns = 2;
  config.prune.block_size = 4;
  EXPECT_EQ(error_of([&] { validate(config); }),
            "/core/pe_array/columns: 2 is no multiple of /prune/block_size 4 [PEs]; allowed: "
            "multiples of 4, so that no block straddles two tiles");
  config.pruning = false;
  EXPECT_EQ(error_of([&] { validate(config); }), "");
}

TEST(LayoutTest, WhatStaysFollowsFromTheSizes) {
  HdpConfig config = machine();
  config.core.k_sram.bytes = 64 * 32 + 8 * 96 - 1;  // beside the plane a tile of kept rows
  EXPECT_FALSE(layout_of(config).k_int_resident);
  config.core.k_sram.bytes += 1;
  EXPECT_TRUE(layout_of(config).k_int_resident);
  EXPECT_FALSE(layout_of(config).k_frac_resident);
  config.core.k_sram.bytes = 64 * 128;
  EXPECT_TRUE(layout_of(config).k_frac_resident);
  config.core.v_sram.bytes = 64 * 128 - 1;
  EXPECT_FALSE(layout_of(config).v_resident);
  config.core.v_sram.bytes = 64 * 128;
  EXPECT_TRUE(layout_of(config).v_resident);
  config.core.q_sram.bytes = 64 * 32 + 16 * 96 - 1;
  EXPECT_FALSE(layout_of(config).q_int_resident);
  config.core.q_sram.bytes += 1;
  EXPECT_TRUE(layout_of(config).q_int_resident);
  config.core.score_sram.bytes = 8191;
  EXPECT_FALSE(layout_of(config).keep_scores);
  config.core.score_sram.bytes = 8192;
  EXPECT_TRUE(layout_of(config).keep_scores);
  config.core.score_store = ScoreStore::Recompute;
  EXPECT_FALSE(layout_of(config).keep_scores);
}

TEST(LayoutTest, StripsShrinkToWhatTheSramsHold) {
  HdpConfig config = machine(-1);
  config.core.score_sram.bytes = 6 * 64 * 2;  // six rows of scores
  EXPECT_EQ(layout_of(config).strip_rows, 6);
  config.core.q_sram.bytes = 2 * 4 * 128;  // four rows of Q in each half
  EXPECT_EQ(layout_of(config).strip_rows, 4);
}

TEST(LayoutTest, StripsShrinkToRoomForTheRowsThatEveryRowOfBlocksBringsItself) {
  HdpConfig config = machine(-1);
  config.core.pe_array.rows = 32;
  config.core.v_sram.bytes = 2048;  // 16 rows
  EXPECT_EQ(layout_of(config).strip_rows, 32);
  config.core.fetch.reuse = false;
  config.core.v_sram.bytes = 8192;  // 64 rows, in two pieces
  EXPECT_EQ(layout_of(config).strip_rows, 32);
  config.core.v_sram.bytes = 2048;  // in two pieces of 8
  EXPECT_EQ(layout_of(config).strip_rows, 8);
  config.core.v_sram.bytes = 1024;  // in one
  EXPECT_EQ(layout_of(config).strip_rows, 8);
  config.prune.masked = Masked::Zero;  // all visible rows, shared
  EXPECT_EQ(layout_of(config).strip_rows, 32);
}

TEST(LayoutTest, WithoutPruningPlanesMoveNoTensor) {
  HdpConfig config = without_pruning(machine());
  const Layout stored = layout_of(config);
  config.core.fetch.planes = Planes::SplitOnFetch;
  EXPECT_EQ(layout_of(config).v, stored.v);
  EXPECT_EQ(layout_of(config).end, stored.end);
}

TEST(LayoutTest, AnImportanceHasRoomForTheSumOfItsBlock) {
  HdpConfig config = machine();
  const std::int64_t small = layout_of(config).importance_bits;
  for (const auto& [block, more] : {std::pair{16, 0}, std::pair{32, 2}, std::pair{64, 4}}) {
    config.prune.block_size = config.core.pe_array.rows = config.core.pe_array.columns = block;
    EXPECT_EQ(layout_of(config).importance_bits, small + more) << block;
  }
}

TEST(LayoutTest, PiecesHaveAPlaceAheadWhereTwoTilesFit) {
  HdpConfig config = machine();
  config.core.v_sram.bytes = 3 * 1024;
  EXPECT_EQ(layout_of(config).v_pieces.bytes, 1536);
  EXPECT_EQ(layout_of(config).v_pieces.held, 2);
  config.core.v_sram.bytes = 2047;
  EXPECT_EQ(layout_of(config).v_pieces.bytes, 2047);
  EXPECT_EQ(layout_of(config).v_pieces.held, 1);
}

}  // namespace
}  // namespace hdp::test
