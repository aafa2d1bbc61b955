// SPDX-License-Identifier: Apache-2.0
// The closed formulas of sim/units/pe_array.md.
#include <array>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <hdp/units/pe_array.hpp>

namespace hdp {
namespace {

constexpr OperandWidths kDefault{};  // 16 bits, 4 of them integer
constexpr std::array kPrecisions{Precision::Uniform, Precision::Fused, Precision::Split};

TEST(PeCyclesTest, ATileOfHeadSize64TakesTheCyclesOfItsPage) {
  struct Row {
    Precision precision;
    std::int64_t integer, fraction, exact;
  };
  for (const Row& row : {Row{Precision::Uniform, 64, 128, 192}, Row{Precision::Fused, 64, 64, 128},
                         Row{Precision::Split, 4, 24, 60}}) {
    EXPECT_EQ(integer_tile_cycles(row.precision, 64, kDefault), Cycles{row.integer});
    EXPECT_EQ(fraction_tile_cycles(row.precision, 64, kDefault, false), Cycles{row.fraction});
    EXPECT_EQ(fraction_tile_cycles(row.precision, 64, kDefault, true), Cycles{row.exact});
  }
  EXPECT_EQ(score_tile_cycles(64), Cycles{64});
}

TEST(PeCyclesTest, SplitRoundsUpToWholeCycles) {
  // 3 * 25 / 256, 3 * 2 * 5 * 11 / 256 and 3 * (2 * 5 * 11 + 11 * 11) / 256.
  const OperandWidths widths{16, 5};
  EXPECT_EQ(integer_tile_cycles(Precision::Split, 3, widths), Cycles{1});
  EXPECT_EQ(fraction_tile_cycles(Precision::Split, 3, widths, false), Cycles{2});
  EXPECT_EQ(fraction_tile_cycles(Precision::Split, 3, widths, true), Cycles{3});
}

TEST(PeCyclesTest, WithoutFractionBitsTheFractionPassTakesNoTime) {
  for (const Precision precision : kPrecisions) {
    EXPECT_EQ(fraction_tile_cycles(precision, 64, {16, 16}, false), Cycles{0});
    EXPECT_EQ(fraction_tile_cycles(precision, 64, {16, 16}, true), Cycles{0});
    EXPECT_EQ(integer_tile_cycles(precision, 64, {16, 16}), Cycles{64});
  }
}

TEST(PeCyclesTest, AKeyOfTheValueProductTakesTheColumnsInTurn) {
  PeArrayConfig config;
  for (const auto& [columns, cycles] :
       {std::pair<int, int>{8, 8}, {16, 4}, {48, 2}, {64, 1}, {100, 1}, {1, 64}}) {
    config.columns = columns;
    EXPECT_EQ(value_key_cycles(config, 64), Cycles{cycles}) << columns;
  }
}

TEST(PeCyclesTest, TheDefaultsAreTheEdge) {
  const PeArrayConfig config;
  EXPECT_EQ(config.rows, 8);
  EXPECT_EQ(config.columns, 8);
  EXPECT_EQ(config.precision, Precision::Uniform);
}

TEST(PeCyclesTest, ThePipelineIsAMultiplierAndAnAdder) {
  EXPECT_EQ(PeArrayConfig{}.pipeline(), Cycles{4});
}

/// The smallest n with n * w * w bit products of room.
std::int64_t cycles_for(std::int64_t bit_products, std::int64_t word_bits) {
  std::int64_t n = 0;
  while (n * word_bits * word_bits < bit_products) ++n;
  return n;
}

RC_GTEST_PROP(PeCyclesTest, SplitIsTheBitProductsOverThoseOfAWholeMultiplier, ()) {
  const std::int64_t w = *rc::gen::inRange(2, 33);
  const std::int64_t i = *rc::gen::inRange(1, static_cast<int>(w) + 1);
  const std::int64_t f = w - i;
  const std::int64_t d = *rc::gen::inRange(1, 300);
  const OperandWidths widths{w, i};
  const auto tile = [&](bool exact) {
    return fraction_tile_cycles(Precision::Split, d, widths, exact).count;
  };
  const std::int64_t integer = integer_tile_cycles(Precision::Split, d, widths).count;
  RC_ASSERT(integer == cycles_for(d * i * i, w));
  RC_ASSERT(tile(false) == cycles_for(2 * d * i * f, w));
  RC_ASSERT(tile(true) == cycles_for(d * (2 * i * f + f * f), w));
  // All partial products together are the whole product, but for the rounding up of two passes.
  RC_ASSERT(integer + tile(true) >= d && integer + tile(true) <= d + 1);
}

RC_GTEST_PROP(PeCyclesTest, UniformAndFusedDoNotDependOnTheSplit, ()) {
  const std::int64_t w = *rc::gen::inRange(2, 33);
  const OperandWidths widths{w, *rc::gen::inRange(1, static_cast<int>(w))};
  const std::int64_t d = *rc::gen::inRange(1, 300);
  for (const Precision precision : {Precision::Uniform, Precision::Fused}) {
    RC_ASSERT(integer_tile_cycles(precision, d, widths) == Cycles{d});
  }
  RC_ASSERT(fraction_tile_cycles(Precision::Uniform, d, widths, false) == Cycles{2 * d});
  RC_ASSERT(fraction_tile_cycles(Precision::Uniform, d, widths, true) == Cycles{3 * d});
  RC_ASSERT(fraction_tile_cycles(Precision::Fused, d, widths, false) == Cycles{d});
  RC_ASSERT(fraction_tile_cycles(Precision::Fused, d, widths, true) == Cycles{2 * d});
}

RC_GTEST_PROP(PeCyclesTest, AValueKeyIsTheSmallestNumberOfPassesThatCoversItsDimensions, ()) {
  PeArrayConfig config;
  config.columns = *rc::gen::inRange(1, 100);
  const std::int64_t d = *rc::gen::inRange(1, 300);
  const std::int64_t n = value_key_cycles(config, d).count;
  RC_ASSERT(n * config.columns >= d && (n - 1) * config.columns < d);
}

TEST(PeCyclesTest, AProductOfTwoPlanesIsAPassOfItsOwn) {
  for (const Precision precision : {Precision::Uniform, Precision::Fused})
    EXPECT_EQ(plane_tile_cycles(precision, 64, 16, 4, 3), Cycles{64});
  EXPECT_EQ(plane_tile_cycles(Precision::Split, 64, 16, 4, 3), Cycles{3});
  EXPECT_EQ(plane_tile_cycles(Precision::Split, 64, 16, 4, 4), Cycles{4});
  EXPECT_EQ(plane_tile_cycles(Precision::Split, 65, 16, 16, 1), Cycles{5});
  EXPECT_EQ(plane_tile_cycles(Precision::Uniform, 64, 16, 0, 4), Cycles{0});
  // Chunks take what the plane takes, but for rounding up.
  EXPECT_EQ(2 * plane_tile_cycles(Precision::Split, 64, 16, 4, 12).count,
            fraction_tile_cycles(Precision::Split, 64, {16, 4}, false).count);
}

}  // namespace
}  // namespace hdp
