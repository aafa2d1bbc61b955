// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/base/random.hpp>
#include <hdp/numeric/fixed_point.hpp>

namespace hdp {
namespace {

/// `count` values of 0.25, of which the first `large` are `x`.
std::vector<double> with_outliers(std::size_t count, std::size_t large, double x) {
  std::vector<double> values(count, 0.25);
  for (std::size_t i = 0; i < large; ++i) values[i] = i % 2 == 0 ? x : -x;
  return values;
}

std::int64_t chosen(const std::vector<double>& values, double max_saturated = 1e-4,
                    std::int64_t word_bits = 16) {
  std::array counters{SaturationCounter(word_bits)};
  counters[0].add(values);
  return auto_fraction_bits(counters, max_saturated);
}

TEST(SaturationCounterTest, TheCandidatesGoFromEightToThreeIntegerBits) {
  const SaturationCounter counter(16);
  for (std::size_t i = 0; i < SaturationCounter::kCandidates; ++i)
    EXPECT_EQ(counter.fraction_bits(i), 8 + static_cast<std::int64_t>(i));
  EXPECT_EQ(SaturationCounter(24).fraction_bits(5), 21);
}

TEST(SaturationCounterTest, ANarrowWordHasNoNegativeFractionBits) {
  const SaturationCounter counter(6);
  EXPECT_EQ(counter.fraction_bits(0), 0);
  EXPECT_EQ(counter.fraction_bits(2), 0);
  EXPECT_EQ(counter.fraction_bits(5), 3);
}

TEST(SaturationCounterTest, CountsWhatQuantiseCountsAtEveryCandidate) {
  RandomStream random(5, "saturation");
  std::vector<double> values(5'000);
  for (double& x : values) x = 30 * random.normal();
  for (const std::int64_t w : {8, 12, 16, 24}) {
    SaturationCounter counter(w);
    counter.add(std::span(values).first(1'234));
    counter.add(std::span(values).subspan(1'234));
    std::vector<std::int32_t> codes(values.size());
    for (std::size_t i = 0; i < SaturationCounter::kCandidates; ++i) {
      const std::int64_t saturated = quantise({w, counter.fraction_bits(i)}, values, codes);
      EXPECT_TRUE(counter.passes(i, (static_cast<double>(saturated) + 0.25) / 5'000));
      EXPECT_FALSE(counter.passes(i, (static_cast<double>(saturated) - 0.25) / 5'000));
    }
  }
}

TEST(AutoFractionBitsTest, SmallValuesGetTheMostBits) {
  EXPECT_EQ(chosen({0.25, -3.99}), 13);
  EXPECT_EQ(chosen({0.25, -3.99}, 1e-4, 12), 9);
  EXPECT_EQ(chosen({0.0}), 13);
}

TEST(AutoFractionBitsTest, AnOutlierTakesTheIntegerBitsItNeeds) {
  EXPECT_EQ(chosen({0.25, 5}), 12);
  EXPECT_EQ(chosen({0.25, 9}), 11);
  EXPECT_EQ(chosen({0.25, -20}), 10);
  EXPECT_EQ(chosen({0.25, 50}), 9);
  EXPECT_EQ(chosen({0.25, -100}), 8);
}

TEST(AutoFractionBitsTest, TheShareAllowedIsInclusive) {
  EXPECT_EQ(chosen(with_outliers(10'000, 1, 100)), 13) << "1 of 10000 is 1e-4";
  EXPECT_EQ(chosen(with_outliers(10'000, 2, 100)), 8) << "100 needs 8 integer bits";
  EXPECT_EQ(chosen(with_outliers(10'000, 2, 20)), 10) << "20 needs 6";
  EXPECT_EQ(chosen(with_outliers(10, 2, 20), 0.2), 13);
  EXPECT_EQ(chosen(with_outliers(10, 1, 4), 0), 12) << "4 is one code too large for 3";
}

TEST(AutoFractionBitsTest, TheFewestBitsAreTakenWhereNothingPasses) {
  EXPECT_EQ(chosen({1'000, -2'000, 0.5}), 8);
  EXPECT_EQ(chosen({1'000}, 0, 12), 4);
}

TEST(AutoFractionBitsTest, TensorsTogetherTakeTheLargestThatEachPasses) {
  std::array counters{SaturationCounter(16), SaturationCounter(16)};
  counters[0].add(with_outliers(100, 0, 0));
  counters[1].add(with_outliers(100, 1, 20));
  EXPECT_EQ(auto_fraction_bits(counters, 1e-4), 10);
  EXPECT_EQ(auto_fraction_bits(std::span(counters).first(1), 1e-4), 13);
  // Each on its own, not the average: 1 of 10100 would have passed at 1e-4.
  counters[0].add(with_outliers(10'000, 0, 0));
  EXPECT_EQ(auto_fraction_bits(counters, 1e-4), 10);
}

TEST(AutoFractionBitsTest, NoTensorAtAllIsOurFault) {
  EXPECT_THROW(auto_fraction_bits({}, 1e-4), LogicFault);
}

}  // namespace
}  // namespace hdp
