// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include <hdp/base/random.hpp>
#include <hdp/numeric/exponential.hpp>

namespace hdp {
namespace {

/// Doubles between two positive ones.
std::int64_t ulps(double a, double b) {
  return std::abs(std::bit_cast<std::int64_t>(a) - std::bit_cast<std::int64_t>(b));
}

TEST(ExponentialTest, IsWithinTwoUlpOfTheCLibraryOnAnEvenGrid) {
  std::int64_t worst = 0;
  for (int i = 0; i <= 300'000; ++i) {
    const double x = -700.0 * i / 300'000;
    const std::int64_t gap = ulps(exponential(x), std::exp(x));
    worst = std::max(worst, gap);
    ASSERT_LE(gap, 2) << x;
  }
  EXPECT_GT(worst, 0) << "the comparison compares something";
}

TEST(ExponentialTest, IsWithinTwoUlpNearZeroAndBetweenThePowersOfTwo) {
  RandomStream random(6, "exponential");
  for (int i = 0; i < 50'000; ++i) {
    const double small = -random.uniform() * std::ldexp(1.0, -static_cast<int>(random.below(60)));
    ASSERT_LE(ulps(exponential(small), std::exp(small)), 2) << small;
    // |r| is largest, and n changes, half way between multiples of ln 2.
    const double half = -(static_cast<double>(random.below(1'000)) + 0.5) * std::log(2.0);
    for (const double x : {half, std::nextafter(half, 0.0), std::nextafter(half, -800.0)})
      ASSERT_LE(ulps(exponential(x), std::exp(x)), 2) << x;
  }
}

TEST(ExponentialTest, ZeroGivesExactlyOne) {
  EXPECT_EQ(exponential(0.0), 1.0);
  EXPECT_EQ(exponential(-0.0), 1.0);
  EXPECT_LE(exponential(-0x1p-54), 1.0);
  EXPECT_EQ(exponential(-std::numeric_limits<double>::denorm_min()), 1.0);
}

TEST(ExponentialTest, StaysAtTheEndOfItsRangeBelowIt) {
  const double least = exponential(-708.0);
  EXPECT_LE(ulps(least, std::exp(-708.0)), 2);
  EXPECT_EQ(exponential(std::nextafter(-708.0, -709.0)), least);
  EXPECT_EQ(exponential(-1e300), least);
  EXPECT_EQ(exponential(-std::numeric_limits<double>::infinity()), least);
}

}  // namespace
}  // namespace hdp
