// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/base/random.hpp>
#include <hdp/numeric/split.hpp>

namespace hdp {
namespace {

constexpr SplitMode kModes[]{SplitMode::Trunc, SplitMode::Floor, SplitMode::Nearest};

struct Planes {
  std::vector<std::int32_t> integer, fraction;
};

Planes split(SplitMode mode, std::int64_t f, const std::vector<std::int32_t>& codes) {
  Planes planes{std::vector<std::int32_t>(codes.size()), std::vector<std::int32_t>(codes.size())};
  integer_plane(mode, f, codes, planes.integer);
  fraction_plane(f, codes, planes.integer, planes.fraction);
  return planes;
}

/// The integer part by the words of the definition, in floating point.
double naive_integer(SplitMode mode, double value) {
  if (mode == SplitMode::Trunc) return std::trunc(value);
  if (mode == SplitMode::Floor) return std::floor(value);
  return std::floor(value + 0.5);
}

bool fraction_in_range(SplitMode mode, std::int32_t weight, std::int32_t code, std::int32_t part) {
  if (mode == SplitMode::Trunc)
    return std::abs(part) < weight && (part == 0 || (part > 0) == (code > 0));
  if (mode == SplitMode::Floor) return part >= 0 && part < weight;
  return weight == 1 ? part == 0 : part >= -weight / 2 && part < weight / 2;
}

void expect_split(SplitMode mode, std::int64_t f, const std::vector<std::int32_t>& codes) {
  const Planes planes = split(mode, f, codes);
  const std::int32_t weight = std::int32_t{1} << f;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::int32_t q = codes[i], whole = planes.integer[i], part = planes.fraction[i];
    ASSERT_EQ(whole * weight + part, q) << "f " << f;
    ASSERT_EQ(whole, naive_integer(mode, static_cast<double>(q) / weight)) << q << " f " << f;
    ASSERT_TRUE(fraction_in_range(mode, weight, q, part)) << q << " leaves " << part << " f " << f;
  }
}

TEST(SplitTest, HandMadeCodesSplitAsTheModeSays) {
  const std::vector<std::int32_t> codes{5, -5, 6, -6, 7, -7, 8, -8, 1, -1};
  const auto trunc = split(SplitMode::Trunc, 2, codes);
  EXPECT_EQ(trunc.integer, (std::vector<std::int32_t>{1, -1, 1, -1, 1, -1, 2, -2, 0, 0}));
  EXPECT_EQ(trunc.fraction, (std::vector<std::int32_t>{1, -1, 2, -2, 3, -3, 0, 0, 1, -1}));
  const auto floor = split(SplitMode::Floor, 2, codes);
  EXPECT_EQ(floor.integer, (std::vector<std::int32_t>{1, -2, 1, -2, 1, -2, 2, -2, 0, -1}));
  EXPECT_EQ(floor.fraction, (std::vector<std::int32_t>{1, 3, 2, 2, 3, 1, 0, 0, 1, 3}));
  const auto nearest = split(SplitMode::Nearest, 2, codes);
  EXPECT_EQ(nearest.integer, (std::vector<std::int32_t>{1, -1, 2, -1, 2, -2, 2, -2, 0, 0}));
  EXPECT_EQ(nearest.fraction, (std::vector<std::int32_t>{1, -1, -2, -2, -1, 1, 0, 0, 1, -1}));
}

TEST(SplitTest, EveryCodeOfTenBitsSplitsAsTheModeSays) {
  std::vector<std::int32_t> codes(2 * 511 + 1);
  std::iota(codes.begin(), codes.end(), -511);
  for (const SplitMode mode : kModes)
    for (std::int64_t f = 0; f < 10; ++f) expect_split(mode, f, codes);
}

TEST(SplitTest, CodesOfTheWidestWordSplitAsTheModeSays) {
  constexpr std::int32_t limit = (1 << 23) - 1;
  std::vector<std::int32_t> codes{limit, -limit, limit - 1, 1 - limit, 1 << 22, -(1 << 22)};
  RandomStream random(2, "split");
  for (int i = 0; i < 300; ++i)
    codes.push_back(static_cast<std::int32_t>(random.below(2 * limit + 1)) - limit);
  for (const SplitMode mode : kModes)
    for (std::int64_t f = 0; f < 24; ++f) expect_split(mode, f, codes);
}

TEST(SplitTest, WithoutFractionBitsTheIntegerIsTheCode) {
  const std::vector<std::int32_t> codes{-32767, -3, 0, 1, 32767};
  for (const SplitMode mode : kModes) {
    const Planes planes = split(mode, 0, codes);
    EXPECT_EQ(planes.integer, codes);
    EXPECT_EQ(planes.fraction, std::vector<std::int32_t>(5, 0));
  }
}

TEST(SplitTest, PlanesOfAnotherSizeAreOurFault) {
  std::vector<std::int32_t> two(2), three(3);
  EXPECT_THROW(integer_plane(SplitMode::Trunc, 1, two, three), LogicFault);
  EXPECT_THROW(fraction_plane(1, two, three, two), LogicFault);
  EXPECT_THROW(fraction_plane(1, two, two, three), LogicFault);
}

}  // namespace
}  // namespace hdp
