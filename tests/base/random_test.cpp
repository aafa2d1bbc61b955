// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <hdp/base/random.hpp>

namespace hdp {
namespace {

std::vector<std::uint64_t> draws(RandomStream stream, int count) {
  std::vector<std::uint64_t> values;
  for (int i = 0; i < count; ++i) values.push_back(stream.next());
  return values;
}

// Expected by an implementation of Philox 4x64 with 10 rounds that reproduces its authors' vectors.
TEST(RandomStreamTest, TheFirstDrawsAreTheSameOnEveryMachine) {
  EXPECT_EQ(draws({2407, "values"}, 8),
            (std::vector<std::uint64_t>{0xb624eb365318e0d7, 0x959f8214244620ff, 0xa578dd80e789085d,
                                        0xe0e47746754c2798, 0x5eaf66f55a934809, 0x7ec32c898800d1b5,
                                        0xc7589952d87ddde2, 0x61f5a3c5c4fc2dd3}));
  EXPECT_EQ(draws({0, ""}, 4),
            (std::vector<std::uint64_t>{0x3de0400211027eae, 0xa8fd7e85179bbd97, 0xa6dacb5d9c1686d0,
                                        0xb1c43e03c27c2601}));
}

TEST(RandomStreamTest, SeedAndNameDecideAndNothingElse) {
  EXPECT_EQ(draws({1, "a"}, 50), draws({1, "a"}, 50));
  EXPECT_NE(draws({1, "a"}, 4), draws({1, "b"}, 4));
  EXPECT_NE(draws({1, "a"}, 4), draws({2, "a"}, 4));
  EXPECT_NE(draws({1, "ab"}, 4), draws({1, "ba"}, 4));
}

TEST(RandomStreamTest, ACopyGoesOnByItself) {
  RandomStream first(7, "copy");
  (void)first.next();
  RandomStream second = first;
  const std::uint64_t want = first.next();
  EXPECT_EQ(second.next(), want);
}

RC_GTEST_PROP(RandomStreamTest, BelowStaysBelow, (std::uint64_t seed, std::uint64_t bound)) {
  RC_PRE(bound > 0U);
  RandomStream stream(seed, "below");
  for (int i = 0; i < 20; ++i) RC_ASSERT(stream.below(bound) < bound);
}

TEST(RandomStreamTest, BelowOneIsZeroAndBelowSmallBoundsReachesEveryValue) {
  RandomStream stream(3, "small");
  EXPECT_EQ(stream.below(1), 0U);
  std::vector<int> seen(7);
  for (int i = 0; i < 7'000; ++i) ++seen[stream.below(7)];
  for (const int count : seen) EXPECT_NEAR(count, 1'000, 120);
}

TEST(RandomStreamTest, BelowHasNoBias) {
  // A plain remainder would give the lowest third twice as often as the others: 3000 of 6000.
  constexpr std::uint64_t kThird = std::uint64_t{1} << 62;
  RandomStream stream(3, "bias");
  int low = 0;
  for (int i = 0; i < 6'000; ++i) low += static_cast<int>(stream.below(3 * kThird) < kThird);
  EXPECT_NEAR(low, 2'000, 150);
}

TEST(RandomStreamTest, UniformIsAMultipleOfItsStepBelowOne) {
  RandomStream stream(11, "uniform");
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double u = stream.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    ASSERT_EQ(u * 0x1p53, std::floor(u * 0x1p53));
    sum += u;
  }
  EXPECT_NEAR(sum / 10'000, 0.5, 0.015);
  EXPECT_EQ(RandomStream(2407, "values").uniform(),
            static_cast<double>(std::uint64_t{0xb624eb365318e0d7} >> 11U) * 0x1p-53);
}

TEST(RandomStreamTest, NormalIsCentredHasUnitVarianceAndEndsAtSix) {
  RandomStream stream(12, "normal");
  double sum = 0, squares = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double x = stream.normal();
    ASSERT_LE(std::abs(x), 6.0);
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / 10'000, 0.0, 0.05);
  EXPECT_NEAR(squares / 10'000, 1.0, 0.06);
}

}  // namespace
}  // namespace hdp
