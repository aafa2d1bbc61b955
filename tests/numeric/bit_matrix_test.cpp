// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>

#include <gtest/gtest.h>

#include <hdp/base/digest.hpp>
#include <hdp/numeric/bit_matrix.hpp>

namespace hdp {
namespace {

TEST(BitMatrixTest, RowsFollowEachOtherWithoutPaddingLowBitFirst) {
  BitMatrix bits(3, 5);
  bits.set(0, 0);  // bit 0 of byte 0
  bits.set(1, 3);  // bit 8: bit 0 of byte 1
  bits.set(2, 4);  // bit 14: bit 6 of byte 1
  EXPECT_EQ(bits.sha256(), sha256_hex(std::array{std::byte{0x01}, std::byte{0x41}}));
}

TEST(BitMatrixTest, NoBitsAreZerosUpToTheLastWholeByte) {
  EXPECT_EQ(BitMatrix(3, 5).sha256(), sha256_hex(std::array<std::byte, 2>{}));
  EXPECT_EQ(BitMatrix(1, 8).sha256(), sha256_hex(std::array<std::byte, 1>{}));
  EXPECT_EQ(BitMatrix(0, 8).sha256(), sha256_hex(""));
}

TEST(BitMatrixTest, SettingABitTwiceIsSettingItOnce) {
  BitMatrix once(2, 9), twice(2, 9);
  once.set(1, 8);
  twice.set(1, 8);
  twice.set(1, 8);
  EXPECT_EQ(once.sha256(), twice.sha256());
}

}  // namespace
}  // namespace hdp
