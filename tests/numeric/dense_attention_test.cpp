// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/base/random.hpp>
#include <hdp/numeric/dense_attention.hpp>

namespace hdp {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Matrix<double> random_matrix(RandomStream& random, std::int64_t rows, std::int64_t columns) {
  Matrix<double> matrix(rows, columns);
  for (double& x : matrix.values()) x = 2 * random.normal();
  return matrix;
}

Eigen::Map<const RowMajor> eigen(MatrixView<const double> view) {
  return {view.data(), view.rows(), view.columns()};
}

struct Attention {
  RowMajor p, out;
};

/// softmax(q k^T / sqrt(d)) v, row r over its first visible + r * step keys.
Attention reference(const Matrix<double>& q, const Matrix<double>& k, const Matrix<double>& v,
                    std::int64_t visible, std::int64_t step) {
  const RowMajor logits =
      eigen(q.view()) * eigen(k.view()).transpose() / std::sqrt(static_cast<double>(k.columns()));
  RowMajor p = RowMajor::Zero(logits.rows(), logits.cols());
  for (std::int64_t r = 0; r < logits.rows(); ++r) {
    const auto seen = logits.row(r).head(visible + step * r);
    const Eigen::RowVectorXd weights = (seen.array() - seen.maxCoeff()).exp();
    p.row(r).head(weights.size()) = weights / weights.sum();
  }
  return {p, p * eigen(v.view())};
}

void expect_reference(DenseAttention& dense, const Matrix<double>& q, const Matrix<double>& k,
                      const Matrix<double>& v, std::int64_t visible, std::int64_t step) {
  Matrix<double> p(q.rows(), k.rows()), out(q.rows(), v.columns());
  std::ranges::fill(p.values(), 7.0);
  std::ranges::fill(out.values(), 7.0);
  dense.rows(q.view(), visible, step, p.view(), out.view());
  const Attention want = reference(q, k, v, visible, step);
  EXPECT_LE((eigen(std::as_const(p).view()) - want.p).cwiseAbs().maxCoeff(), 1e-13);
  EXPECT_LE((eigen(std::as_const(out).view()) - want.out).cwiseAbs().maxCoeff(), 1e-13);
  for (std::int64_t r = 0; r < q.rows(); ++r)
    for (std::int64_t j = visible + step * r; j < k.rows(); ++j)
      EXPECT_EQ(p.row(r)[static_cast<std::size_t>(j)], 0.0) << "key " << j << " is not visible";
}

TEST(DenseAttentionTest, MatchesEigenAtOddSizesCausalOrNot) {
  RandomStream random(9, "dense");
  DenseAttention dense;  // one for all: storage left over from another shape must not show
  for (const std::int64_t d : {1, 3, 8, 13, 32}) {
    for (const std::int64_t n : {4, 5, 7, 16, 29}) {
      const auto k = random_matrix(random, n, d);
      const auto v = random_matrix(random, n, d);
      dense.load(k.view(), v.view());
      for (std::int64_t m = 1; m <= DenseAttention::kMaxRows; ++m) {
        SCOPED_TRACE(testing::Message() << m << " x " << n << " x " << d);
        const auto q = random_matrix(random, m, d);
        expect_reference(dense, q, k, v, n, 0);
        expect_reference(dense, q, k, v, n - m + 1, 1);
        expect_reference(dense, q, k, v, 1, 1);
        expect_reference(dense, q, k, v, 1, 0);
      }
    }
  }
}

TEST(DenseAttentionTest, TheFirstCausalQuerySeesOnlyTheFirstValue) {
  RandomStream random(10, "first");
  const auto k = random_matrix(random, 3, 2);
  const auto v = random_matrix(random, 3, 2);
  const auto q = random_matrix(random, 1, 2);
  DenseAttention dense;
  dense.load(k.view(), v.view());
  Matrix<double> p(1, 3), out(1, 2);
  DenseAttention moved = std::move(dense);
  moved.rows(q.view(), 1, 1, p.view(), out.view());
  EXPECT_TRUE(std::ranges::equal(out.row(0), v.row(0)));
}

TEST(DenseAttentionTest, KeysWithoutValuesAreOurFault) {
  const Matrix<double> k(3, 2), v(2, 2);
  EXPECT_THROW(DenseAttention().load(k.view(), v.view()), LogicFault);
}

}  // namespace
}  // namespace hdp
