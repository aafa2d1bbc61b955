// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/base/random.hpp>
#include <hdp/prune/nm_decisions.hpp>

namespace hdp {
namespace {

/// Halves from -2 to 2: many are equal.
Matrix<double> any_weights(std::int64_t rows, std::int64_t columns) {
  Matrix<double> weights(rows, columns);
  RandomStream random(15, "nm");
  for (double& w : weights.values()) w = static_cast<double>(random.below(9)) / 2 - 2;
  return weights;
}

/// By definition: a weight stays where fewer than n of its group are larger, or as large and before
/// it.
bool stays(const Matrix<double>& w, const NmSettings& s, std::int64_t i, std::int64_t j) {
  const bool down = s.axis == 0;
  const std::int64_t at = down ? i : j, first = at / s.m * s.m;
  const std::int64_t end = std::min(first + s.m, down ? w.rows() : w.columns());
  const auto magnitude = [&](std::int64_t x) {
    return std::abs(down ? w.row(x)[static_cast<std::size_t>(j)]
                         : w.row(i)[static_cast<std::size_t>(x)]);
  };
  std::int64_t ahead = 0;
  for (std::int64_t x = first; x < end; ++x)
    ahead += magnitude(x) > magnitude(at) || (magnitude(x) == magnitude(at) && x < at) ? 1 : 0;
  return ahead < s.n;
}

TEST(NmDecisionsTest, TheLargestOfAGroupStayTiesToTheLowerIndex) {
  const Matrix<double> weights = any_weights(13, 11);
  for (const std::int64_t m : {1, 2, 4, 5, 11, 16})
    for (std::int64_t n = 1; n <= m; ++n)
      for (const std::int64_t axis : {0, 1}) {
        const NmSettings settings{.n = n, .m = m, .axis = axis};
        const BitMatrix mask = nm_mask(weights.view(), settings);
        std::int64_t kept = 0;
        for (std::int64_t i = 0; i < 13; ++i)
          for (std::int64_t j = 0; j < 11; ++j) {
            EXPECT_EQ(mask.get(i, j), stays(weights, settings, i, j));
            kept += mask.get(i, j) ? 1 : 0;
          }
        EXPECT_EQ(nm_counts(13, 11, settings).kept, kept);
      }
}

TEST(NmDecisionsTest, AShortGroupIsStoredPadded) {
  const NmCounts counts = nm_counts(3, 13, {.n = 2, .m = 5, .bits = 12, .axis = 1});
  EXPECT_EQ(counts.groups, 3 * 3);  // 5, 5 and 3 weights
  EXPECT_EQ(counts.kept, 3 * 6);
  EXPECT_EQ(counts.bits, 9 * (2 * 12 + 5));
  EXPECT_EQ(counts.dense_bits, 39 * 12);
  EXPECT_EQ(nm_counts(1, 1, {.n = 2, .m = 4}).kept, 1);
}

TEST(NmDecisionsTest, MatricesComeByNameBiasesStayAside) {
  test::TraceFile file;
  file.add("b", {2, 4}).add("bias", {4}).add("a", {4, 2}, ElementType::I8);
  const Weights weights = weights_from_bytes(file.bytes(), "w");
  const NmDecisions one = decide_nm(weights, {}, 1), four = decide_nm(weights, {}, 4);
  ASSERT_EQ(one.matrices.size(), 2U);
  EXPECT_EQ(one.matrices[0].name, "a");
  EXPECT_EQ(one.matrices[1].shape, (std::vector<std::int64_t>{2, 4}));
  EXPECT_EQ(one.total.total, 16);
  EXPECT_EQ(one.total.kept, 2 * 2 + 4 * 2);
  EXPECT_EQ(one.matrices[1].mask_sha256, four.matrices[1].mask_sha256);
}

}  // namespace
}  // namespace hdp
