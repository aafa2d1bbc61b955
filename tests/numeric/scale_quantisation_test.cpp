// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/numeric/scale_quantisation.hpp>

namespace hdp {
namespace {

TEST(ScaleQuantisationTest, TheLargestMagnitudeTakesTheLargestCode) {
  const std::vector<double> values{-3.0, 1.5, 0.0, 2.9};
  const double scale = scale_of(values, 4);
  EXPECT_EQ(scale, 3.0 / 7);
  std::vector<std::int32_t> codes(4);
  EXPECT_EQ(quantise_scaled(values, scale, 4, codes), 0);
  EXPECT_EQ(codes, (std::vector<std::int32_t>{-7, 4, 0, 7}));  // 3.5 to the even 4, 6.77 to 7
}

TEST(ScaleQuantisationTest, ZerosHaveScaleOne) {
  EXPECT_EQ(scale_of(std::vector<double>{0.0, -0.0}, 12), 1.0);
}

TEST(ScaleQuantisationTest, ValuesTooSmallForANormalScaleAreZeros) {
  const std::vector<double> values{5e-324, -1e-306, 0};
  const double scale = scale_of(values, 12);
  EXPECT_EQ(scale, 1.0);
  std::vector<std::int32_t> codes(3);
  EXPECT_EQ(quantise_scaled(values, scale, 12, codes), 0);
  EXPECT_EQ(codes, (std::vector<std::int32_t>{0, 0, 0}));
  EXPECT_EQ(scale_of(std::vector<double>{5e-324, 1e-300}, 12), 1e-300 / 2047);
}

TEST(ScaleQuantisationTest, HalvesRoundToEvenAndWhatIsTooLargeIsCounted) {
  const std::vector<double> values{0.5, 1.5, 2.5, -0.5, 7.4, 7.6, -100};
  std::vector<std::int32_t> codes(values.size());
  EXPECT_EQ(quantise_scaled(values, 1.0, 4, codes), 2);
  EXPECT_EQ(codes, (std::vector<std::int32_t>{0, 2, 2, 0, 7, 7, -7}));
}

}  // namespace
}  // namespace hdp
