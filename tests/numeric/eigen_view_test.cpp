// SPDX-License-Identifier: Apache-2.0
#include <concepts>
#include <cstdint>
#include <utility>

#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/numeric/matrix.hpp>

namespace hdp {
namespace {

using RowMajor = EigenMatrix<double>;
using ConstView = MatrixView<const double>;
template <class Plain>
using Strided = Eigen::Map<Plain, Eigen::Unaligned, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>>;

RowMajor counting(std::int64_t rows, std::int64_t columns) {
  RowMajor matrix(rows, columns);
  for (std::int64_t i = 0; i < matrix.size(); ++i) matrix.data()[i] = static_cast<double>(i);
  return matrix;
}

// What does not lie row by row, is written through a constant, has other values or goes away with
// the statement does not compile.
static_assert(std::constructible_from<ConstView, RowMajor&>);
static_assert(std::constructible_from<ConstView, const RowMajor&>);
static_assert(std::constructible_from<MatrixView<double>, RowMajor&>);
static_assert(std::constructible_from<ConstView, Eigen::RowVectorXd&>);
static_assert(std::constructible_from<ConstView, Eigen::Map<RowMajor>>);
static_assert(std::constructible_from<ConstView, Eigen::Block<const RowMajor>>);
static_assert(std::constructible_from<ConstView, Eigen::Ref<RowMajor>>);
static_assert(std::constructible_from<ConstView, Eigen::Ref<const RowMajor>&>);
static_assert(!std::constructible_from<ConstView, RowMajor>);
static_assert(!std::constructible_from<ConstView, const RowMajor>);
static_assert(!std::constructible_from<ConstView, Eigen::Ref<const RowMajor>>);
static_assert(!std::constructible_from<ConstView, Eigen::MatrixXd&>);
static_assert(!std::constructible_from<ConstView, Eigen::VectorXd&>);
static_assert(!std::constructible_from<ConstView, Eigen::Transpose<RowMajor>&>);
static_assert(!std::constructible_from<ConstView, EigenMatrix<float>&>);
static_assert(!std::constructible_from<ConstView, decltype(RowMajor() + RowMajor())&>);
static_assert(!std::constructible_from<MatrixView<double>, const RowMajor&>);
static_assert(!std::constructible_from<MatrixView<double>, Eigen::Map<const RowMajor>&>);

TEST(EigenViewTest, AMatrixAndItsEigenViewAreTheSameValues) {
  Matrix<double> matrix(2, 3);
  matrix.eigen() << 1, 2, 3,  //
      4, 5, 6;
  EXPECT_EQ(matrix.row(1)[0], 4);
  matrix.view().eigen()(0, 2) = 7;
  EXPECT_EQ(matrix.values()[2], 7);
  const Matrix<double>& constant = matrix;
  EXPECT_EQ(constant.eigen().data(), matrix.values().data());
  EXPECT_EQ(constant.eigen().sum(), 25);
  EXPECT_EQ(constant.view().slice(1, 1).eigen(), (Eigen::RowVector3d(4, 5, 6)));
}

TEST(EigenViewTest, AnyAddressWillDo) {
  Matrix<double> matrix(3, 3);
  EigenView<double>(matrix.values().data() + 1, 2, 4).setOnes();
  EXPECT_EQ(matrix.values()[0], 0);
  EXPECT_EQ(matrix.eigen().sum(), 8);
}

TEST(EigenViewTest, AnEmptyMatrixHasAnEmptyEigenView) {
  EXPECT_EQ(MatrixView<double>().eigen().size(), 0);
  Matrix<double> empty;
  EXPECT_EQ(empty.eigen().size(), 0);
  RowMajor none(0, 4);
  EXPECT_EQ(ConstView(none).columns(), 4);
}

TEST(EigenViewTest, AViewOfAnEigenMatrixReadsAndWritesIt) {
  RowMajor matrix = counting(3, 4);
  const MatrixView<double> view = matrix;
  EXPECT_EQ(view.data(), matrix.data());
  EXPECT_EQ(view.rows(), 3);
  EXPECT_EQ(view.columns(), 4);
  view.row(2)[1] = -1;
  EXPECT_EQ(matrix(2, 1), -1);
}

TEST(EigenViewTest, WholeRowsOfALargerMatrixAreAView) {
  const RowMajor all = counting(6, 2);
  const ConstView view = all.middleRows(2, 3);
  EXPECT_EQ(view.data(), all.data() + 4);
  EXPECT_EQ(view.rows(), 3);
  EXPECT_EQ(view.eigen(), all.middleRows(2, 3));
  EXPECT_EQ(ConstView(all.row(5)).values()[1], 11);
}

TEST(EigenViewTest, RowsWithGapsAreNotAView) {
  RowMajor all = counting(4, 6);
  EXPECT_THROW(ConstView(all.leftCols(3)), LogicFault);
  EXPECT_THROW(ConstView(all.block(1, 1, 2, 5)), LogicFault);
  const Strided<RowMajor> every_second(all.data(), 4, 3, {6, 2});
  EXPECT_THROW(ConstView{every_second}, LogicFault);
  EXPECT_EQ(ConstView(all.row(1).tail(3)).values()[0], 9) << "one row has no gap";
  const Strided<RowMajor> dense(all.data(), 3, 2, {2, 1});
  EXPECT_EQ(ConstView(dense).row(2)[1], 5);
}

}  // namespace
}  // namespace hdp
