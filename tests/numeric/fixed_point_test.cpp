// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/base/random.hpp>
#include <hdp/numeric/fixed_point.hpp>

namespace hdp {
namespace {

struct Code {
  std::int32_t value = 0;
  bool saturated = false;
};

/// The definition, in 80 bits.
Code naive_code(FixedPoint format, double x) {
  const long double limit = std::ldexp(1.0L, static_cast<int>(format.word_bits - 1)) - 1;
  const long double rounded = std::nearbyint(
      std::ldexp(static_cast<long double>(x), static_cast<int>(format.fraction_bits)));
  const long double code = std::clamp(rounded, -limit, limit);
  return {static_cast<std::int32_t>(code), std::abs(rounded) > limit};
}

void expect_naive(FixedPoint format, const std::vector<double>& values) {
  std::vector<std::int32_t> codes(values.size(), 77);
  const std::int64_t saturated = quantise(format, values, codes);
  std::int64_t want_saturated = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Code want = naive_code(format, values[i]);
    want_saturated += static_cast<std::int64_t>(want.saturated);
    ASSERT_EQ(codes[i], want.value)
        << values[i] << " in " << format.word_bits << "." << format.fraction_bits;
  }
  ASSERT_EQ(saturated, want_saturated) << format.word_bits << "." << format.fraction_bits;
}

/// Every word, every fraction that leaves a sign bit.
template <class Check>
void for_each_format(Check check) {
  for (std::int64_t w = kMinWordBits; w <= kMaxWordBits; ++w)
    for (std::int64_t f = 0; f < w; ++f) check(FixedPoint{w, f});
}

TEST(FixedPointTest, TheFormatKnowsItsLimitsAndUnit) {
  constexpr FixedPoint format{};
  EXPECT_EQ(format.limit(), 32767);
  EXPECT_EQ(format.integer_bits(), 4);
  EXPECT_EQ(format.unit(), 0x1p-12);
  EXPECT_EQ((FixedPoint{2, 0}.limit()), 1);
  EXPECT_EQ((FixedPoint{24, 23}.limit()), 8'388'607);
}

TEST(QuantiseTest, HandMadeValuesAreAsTheDefinitionSays) {
  const std::vector<double> values{0.5, 1.5, 2.5, -0.5, -1.5, 7.4, 7.5, -7.5, 8, -100, 0.0, -0.0};
  std::vector<std::int32_t> codes(values.size());
  EXPECT_EQ(quantise({4, 0}, values, codes), 4) << "7.5 goes to 8, and 8 saturates";
  EXPECT_EQ(codes, (std::vector<std::int32_t>{0, 2, 2, 0, -2, 7, 7, -7, 7, -7, 0, 0}));
}

TEST(QuantiseTest, RandomValuesMatchTheDefinitionInEveryFormat) {
  for_each_format([](FixedPoint format) {
    RandomStream random(1, "quantise");
    std::vector<double> values(200);
    const double range = 1.25 * (format.limit() + 1) * format.unit();
    for (double& x : values) x = (2 * random.uniform() - 1) * range;
    expect_naive(format, values);
  });
}

TEST(QuantiseTest, TiesGoToTheEvenCodeAndTheirNeighboursToTheNearest) {
  for_each_format([](FixedPoint format) {
    std::vector<double> values;
    for (const std::int32_t limit = format.limit(); std::int32_t k : {0, 1, 2, limit - 1, limit}) {
      const double tie = (k + 0.5) * format.unit();
      for (const double x : {tie, std::nextafter(tie, 0.0), std::nextafter(tie, 1e9)}) {
        values.push_back(x);
        values.push_back(-x);
      }
    }
    expect_naive(format, values);
  });
}

TEST(QuantiseTest, HugeAndTinyValuesMatchTheDefinitionInEveryFormat) {
  using Limits = std::numeric_limits<double>;
  std::vector<double> values{0.0,        -0.0,       Limits::max(), Limits::lowest(),
                             1e300,      -1e300,     Limits::min(), Limits::denorm_min(),
                             -0x1p-1074, 0x1p31,     -0x1p31,       0x1p32 + 1,
                             0x1p51,     0x1p52 + 1, -0x1p53,       0x1p63,
                             -0x1p64,    3e-10};
  for_each_format([&](FixedPoint format) { expect_naive(format, values); });
}

TEST(QuantiseTest, ACodeForEveryValueIsOurOwnDuty) {
  std::vector<std::int32_t> codes(2);
  EXPECT_THROW(quantise({}, std::vector<double>(3), codes), LogicFault);
  EXPECT_EQ(quantise({}, {}, {}), 0);
}

}  // namespace
}  // namespace hdp
