// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/prune/block_mask.hpp>

namespace hdp {
namespace {

std::vector<std::int64_t> kept_of(const BlockMask& mask, std::int64_t i) {
  std::vector<std::int64_t> kept;
  mask.for_each(i, [&](std::int64_t j) { kept.push_back(j); });
  return kept;
}

TEST(BlockMaskTest, BlockJOfARowIsBitJModulo64OfItsWord) {
  BlockMask mask;
  mask.resize(2, 130);
  EXPECT_EQ(mask.words(0).size(), 3U);
  mask.words(1)[0] = (std::uint64_t{1} << 63) | 1U;
  mask.words(1)[2] = 2;
  EXPECT_EQ(kept_of(mask, 1), (std::vector<std::int64_t>{0, 63, 129}));
  EXPECT_EQ(mask.count(1), 3);
  EXPECT_TRUE(mask.kept(1, 63));
  EXPECT_FALSE(mask.kept(1, 64));
  EXPECT_TRUE(mask.kept(1, 129));
  EXPECT_EQ(mask.count(0), 0);
  EXPECT_TRUE(kept_of(mask, 0).empty());
}

TEST(BlockMaskTest, ResizingForgetsWhatWasKept) {
  BlockMask mask;
  mask.resize(1, 64);
  mask.words(0)[0] = ~std::uint64_t{0};
  EXPECT_EQ(mask.count(0), 64);
  mask.resize(3, 5);
  EXPECT_EQ(mask.rows(), 3);
  EXPECT_EQ(mask.columns(), 5);
  for (std::int64_t i = 0; i < 3; ++i) EXPECT_EQ(mask.count(i), 0);
}

}  // namespace
}  // namespace hdp
