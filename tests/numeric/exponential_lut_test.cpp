// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdint>
#include <numbers>

#include <gtest/gtest.h>

#include <hdp/base/random.hpp>
#include <hdp/numeric/exponential_lut.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kOne = ExponentialLut::kOne;

TEST(ExponentialLutTest, EveryPowerIsTheLargestBelow) {
  for (std::int64_t i = 0; i < kOne; ++i) {
    const long double exact = std::exp2l(static_cast<long double>(i) / kOne) * 32'768;
    const auto power = static_cast<long double>(ExponentialLut::power_below(i));
    EXPECT_LE(power, exact) << i;
    EXPECT_GT(power + 1, exact) << i;
  }
}

TEST(ExponentialLutTest, EveryLogarithmIsBelowAndNear) {
  const auto expect_near = [](std::int64_t value) {
    const long double exact = kOne * std::log2l(static_cast<long double>(value));
    const auto logarithm = static_cast<long double>(ExponentialLut::log2_below(value));
    EXPECT_LE(logarithm, exact) << value;
    EXPECT_GT(logarithm + 3, exact) << value;
  };
  for (std::int64_t value = 1; value < 1 << 17; ++value) expect_near(value);
  for (int bits = 17; bits < 62; ++bits)
    for (std::int64_t off = -1; off <= 1; ++off) expect_near((std::int64_t{1} << bits) + off);
}

TEST(ExponentialLutTest, LogarithmsOfSharesAreBelow) {
  EXPECT_EQ(ExponentialLut::log2_below(0.5), -257);  // one less than exact, near an integer
  EXPECT_EQ(ExponentialLut::log2_below(1e-3), -2552);
}

/// Whole range of a score of 30 bits, and units of any size, from both sides.
TEST(ExponentialLutTest, ScoresAreScaledBelowAndAbove) {
  RandomStream random(5, "directed scale");
  for (int i = 0; i < 200'000; ++i) {
    const double unit = std::exp2(-40 + 45 * random.uniform());
    const auto score = static_cast<std::int64_t>(random.next() >> (34U + random.below(30))) *
                       (random.below(2) == 0 ? 1 : -1);
    const DirectedScale scale(unit);
    const long double exact = static_cast<long double>(score) * static_cast<long double>(unit) *
                              std::numbers::log2e_v<long double> * kOne;
    const std::int64_t below = scale.below(score), above = scale.above(score);
    ASSERT_LE(static_cast<long double>(below), exact) << score << " * " << unit;
    ASSERT_GE(static_cast<long double>(above), exact) << score << " * " << unit;
    const long double width = 2 + std::abs(exact) / 16'384;
    ASSERT_LE(static_cast<long double>(above - below), width) << score << " * " << unit;
  }
}

TEST(ExponentialLutTest, WhatIsFarIsCutOff) {
  const DirectedScale huge(0x1p+100), tiny(0x1p-200);
  EXPECT_EQ(huge.above(1), DirectedScale::kFar);
  EXPECT_EQ(huge.below(-1), -DirectedScale::kFar);
  EXPECT_EQ(huge.below(0), 0);
  EXPECT_EQ(tiny.above(1), 1);
  EXPECT_EQ(tiny.below(1), 0);
  EXPECT_EQ(tiny.below(-1), -1);
}

}  // namespace
}  // namespace hdp
