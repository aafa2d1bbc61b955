// SPDX-License-Identifier: Apache-2.0
// What does not fit is the user's mistake, and says what would.
#include <gtest/gtest.h>
#include <support/tensor_file.hpp>

#include "machine/bench.hpp"

namespace hdp::test {
namespace {

constexpr Problem kProblem{0, 64, 64, false};

std::string layout_error(const HdpConfig& config) {
  return error_of([&] { make_layout(config, shape_of(kProblem, 64), kProblem, {16, 12}); });
}

HdpConfig machine() {
  HdpConfig config;
  config.core.pe_array = {.rows = 8, .columns = 8};
  return config;
}

TEST(LayoutErrorTest, TheDefaultsFit) { EXPECT_EQ(layout_error(machine()), ""); }

TEST(LayoutErrorTest, TheMask) {
  HdpConfig config = machine();
  config.core.mask_sram_bytes = 127;
  EXPECT_EQ(layout_error(config),
            "/core/mask_sram_bytes: 127 bytes do not hold the block mask of 64 queries x 64 keys "
            "[bytes]; allowed: at least 128, or a larger /prune/block_size");
  config.core.mask_sram_bytes = 128;
  EXPECT_EQ(layout_error(config), "");
}

TEST(LayoutErrorTest, ScoresThatAreToBeKept) {
  HdpConfig config = machine();
  config.core.score_store = ScoreStore::Keep;
  config.core.score_sram_bytes = 8191;
  EXPECT_EQ(layout_error(config),
            "/core/score_sram_bytes: 8191 bytes do not hold the integer scores of 64 queries x 64 "
            "keys [bytes]; allowed: at least 8192, or /core/score_store recompute or auto");
  config.core.score_sram_bytes = 8192;
  EXPECT_EQ(layout_error(config), "");
  config.core.score_sram_bytes = 8191;
  config.pruning = false;  // dense attention has no integer scores to keep
  EXPECT_EQ(layout_error(config), "");
}

TEST(LayoutErrorTest, ScoresOfTheStripsUnderWay) {
  for (const bool pruning : {true, false}) {
    HdpConfig config = machine();
    config.pruning = pruning;
    config.core.score_sram_bytes = 3 * 8 * 64 * 2 - 1;
    EXPECT_EQ(layout_error(config),
              "/core/score_sram_bytes: 3071 bytes do not hold three strips of scores of 64 queries "
              "x 64 keys [bytes]; allowed: at least 3072");
    config.core.score_sram_bytes = 3072;
    EXPECT_EQ(layout_error(config), "");
  }
}

TEST(LayoutErrorTest, TilesOfK) {
  HdpConfig config = machine();
  config.core.k_sram.bytes = 4 * 8 * 32 - 1;  // four tiles of the integer plane
  EXPECT_EQ(layout_error(config),
            "/core/k_sram/bytes: 1023 bytes do not hold two tiles of K in half of them, or all of "
            "K of 64 queries x 64 keys [bytes]; allowed: at least 1024");
  config.core.k_sram.bytes = 1024;
  EXPECT_EQ(layout_error(config), "");
  config.pruning = false;
  EXPECT_EQ(layout_error(config),
            "/core/k_sram/bytes: 1024 bytes do not hold two tiles of K in half of them, or all of "
            "K of 64 queries x 64 keys [bytes]; allowed: at least 4096");
}

TEST(LayoutErrorTest, StripsOfQ) {
  HdpConfig config = machine();
  config.core.q_sram_bytes = 3 * 8 * 128 - 1;
  EXPECT_EQ(layout_error(config),
            "/core/q_sram_bytes: 3071 bytes do not hold three strips of Q of 64 queries x 64 keys "
            "[bytes]; allowed: at least 3072");
  config.core.q_sram_bytes = 3072;
  EXPECT_EQ(layout_error(config), "");
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
  const auto layout = [&] {
    return make_layout(config, shape_of(kProblem, 64), kProblem, {16, 12});
  };
  config.core.k_sram.bytes = 64 * 32;
  EXPECT_TRUE(layout().k_int_resident);
  EXPECT_FALSE(layout().k_frac_resident);
  config.core.k_sram.bytes = 64 * 128;
  EXPECT_TRUE(layout().k_frac_resident);
  config.core.v_sram.bytes = 64 * 128 - 1;
  EXPECT_FALSE(layout().v_resident);
  config.core.q_sram_bytes = 64 * 32 + 24 * 96 - 1;
  EXPECT_FALSE(layout().q_int_resident);
  config.core.q_sram_bytes += 1;
  EXPECT_TRUE(layout().q_int_resident);
  config.core.score_sram_bytes = 8191;
  EXPECT_FALSE(layout().keep_scores);
  config.core.score_sram_bytes = 8192;
  EXPECT_TRUE(layout().keep_scores);
  config.core.score_store = ScoreStore::Recompute;
  EXPECT_FALSE(layout().keep_scores);
}

}  // namespace
}  // namespace hdp::test
