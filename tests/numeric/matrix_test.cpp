// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/numeric/matrix.hpp>

namespace hdp {
namespace {

Matrix<int> counted_up(std::int64_t rows, std::int64_t columns) {
  Matrix<int> matrix(rows, columns);
  std::iota(matrix.values().begin(), matrix.values().end(), 0);
  return matrix;
}

TEST(MatrixTest, RowsAndSlicesAreWhereRowMajorOrderPutsThem) {
  Matrix<int> matrix = counted_up(4, 3);
  EXPECT_TRUE(std::ranges::equal(matrix.row(2), std::vector<int>{6, 7, 8}));
  const MatrixView<const int> slice = matrix.view().slice(1, 2);
  EXPECT_EQ(slice.rows(), 2);
  EXPECT_EQ(slice.columns(), 3);
  EXPECT_TRUE(std::ranges::equal(slice.values(), std::vector<int>{3, 4, 5, 6, 7, 8}));
  matrix.view().row(3)[1] = 99;
  EXPECT_EQ(matrix.values()[10], 99);
}

TEST(MatrixTest, ResizingToNoMoreThanBeforeKeepsTheStorage) {
  Matrix<int> matrix = counted_up(4, 6);
  const int* const data = matrix.view().data();
  matrix.resize(2, 5);
  matrix.resize(3, 8);
  EXPECT_EQ(matrix.view().data(), data);
  EXPECT_EQ(matrix.rows(), 3);
  EXPECT_EQ(matrix.columns(), 8);
  EXPECT_EQ(matrix.values().size(), 24U);
}

TEST(MatrixTest, AnEmptyMatrixHasNoValues) {
  EXPECT_TRUE(Matrix<int>().values().empty());
  EXPECT_TRUE(MatrixView<int>().values().empty());
}

}  // namespace
}  // namespace hdp
