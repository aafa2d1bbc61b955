// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <hdp/workload/half.hpp>

namespace hdp {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The value of a code by the definition of the format.
double defined_value(std::uint16_t code) {
  const int exponent = (code >> 10) & 31;
  const int mantissa = code & 1023;
  const double sign = (code & 0x8000) != 0 ? -1.0 : 1.0;
  if (exponent == 31) return mantissa == 0 ? sign * kInfinity : std::nan("");
  if (exponent == 0) return sign * std::ldexp(mantissa, -24);
  return sign * std::ldexp(1024 + mantissa, exponent - 25);
}

TEST(HalfTest, EveryCodeHasTheValueOfItsDefinition) {
  for (unsigned i = 0; i < 0x10000; ++i) {
    const auto code = static_cast<std::uint16_t>(i);
    const double value = widen_f16(code);
    const double want = defined_value(code);
    if (std::isnan(want)) {
      ASSERT_TRUE(std::isnan(value)) << i;
    } else {
      ASSERT_EQ(value, want) << i;
      ASSERT_EQ(std::signbit(value), (i & 0x8000U) != 0) << i;
    }
  }
}

TEST(HalfTest, EveryCodeSurvivesTheRoundTrip) {
  for (unsigned i = 0; i < 0x10000; ++i) {
    const auto code = static_cast<std::uint16_t>(i);
    if (std::isnan(widen_f16(code))) continue;
    ASSERT_EQ(narrow_f16(widen_f16(code)), code);
  }
}

TEST(HalfTest, EveryMidpointGoesToTheEvenCodeAndItsNeighboursToTheNearest) {
  for (std::uint16_t code = 0; code < 0x7bff; ++code) {
    const double low = widen_f16(code);
    const double high = widen_f16(static_cast<std::uint16_t>(code + 1));
    const double middle = (low + high) / 2;
    ASSERT_EQ(narrow_f16(middle), code + (code & 1)) << code;
    ASSERT_EQ(narrow_f16(-middle), 0x8000 + code + (code & 1)) << code;
    ASSERT_EQ(narrow_f16(std::nextafter(middle, 0.0)), code);
    ASSERT_EQ(narrow_f16(std::nextafter(middle, high)), code + 1);
  }
}

TEST(HalfTest, TheEndsOfTheRangeRoundAsTheStandardSays) {
  EXPECT_EQ(narrow_f16(std::nextafter(65520.0, 0.0)), 0x7bff);
  EXPECT_EQ(narrow_f16(65520.0), 0x7c00);
  EXPECT_EQ(narrow_f16(-kInfinity), 0xfc00);
  EXPECT_EQ(narrow_f16(std::nan("")), 0x7e00);
  EXPECT_EQ(narrow_f16(0x1p-25), 0x0000);
  EXPECT_EQ(narrow_f16(std::nextafter(0x1p-25, 1.0)), 0x0001);
  EXPECT_EQ(narrow_f16(-5e-324), 0x8000);
}

}  // namespace
}  // namespace hdp
