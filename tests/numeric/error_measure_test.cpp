// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <optional>
#include <vector>

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/base/random.hpp>
#include <hdp/numeric/error_measure.hpp>

namespace hdp {
namespace {

using Values = std::vector<double>;

ErrorMeasure measure(const Values& out, const Values& reference) {
  ErrorMeasure error;
  error.add(out, reference);
  return error;
}

TEST(ErrorMeasureTest, HandMadeValuesHaveTheirNorms) {
  const ErrorMeasure error = measure({3, 4}, {0, 4});
  EXPECT_EQ(error.relative_frobenius(), 0.75);
  EXPECT_EQ(error.cosine(), 0.8);
  EXPECT_EQ(error.out_norm(), 5.0);
  EXPECT_EQ(measure({1, -2}, {1, -2}).relative_frobenius(), 0.0);
  EXPECT_DOUBLE_EQ(*measure({1, -2}, {-2, 4}).cosine(), -1.0);
}

TEST(ErrorMeasureTest, AZeroReferenceHasNoRelativeError) {
  EXPECT_EQ(measure({1}, {0}).relative_frobenius(), std::nullopt);
  EXPECT_EQ(measure({1}, {0}).cosine(), std::nullopt);
  EXPECT_EQ(ErrorMeasure().relative_frobenius(), std::nullopt);
  EXPECT_EQ(ErrorMeasure().out_norm(), 0.0);
}

TEST(ErrorMeasureTest, AZeroOutputIsAllWrongAndHasNoDirection) {
  EXPECT_EQ(measure({0, 0}, {3, 4}).relative_frobenius(), 1.0);
  EXPECT_EQ(measure({0, 0}, {3, 4}).cosine(), std::nullopt);
}

TEST(ErrorMeasureTest, MatchesEigenWhetherAddedAtOnceInPartsOrJoined) {
  RandomStream random(12, "error");
  Values out(101), reference(101);
  for (double& x : out) x = random.normal();
  for (double& x : reference) x = random.normal();
  const Eigen::Map<const Eigen::VectorXd> o(out.data(), 101), r(reference.data(), 101);
  const std::span a(out), b(reference);
  ErrorMeasure first, second, joined;
  first.add(a.first(40), b.first(40));
  second.add(a.subspan(40), b.subspan(40));
  joined.add(first);
  joined.add(second);
  for (const ErrorMeasure& error : {measure(out, reference), joined}) {
    EXPECT_NEAR(*error.relative_frobenius(), (o - r).norm() / r.norm(), 1e-14);
    EXPECT_NEAR(*error.cosine(), o.dot(r) / (o.norm() * r.norm()), 1e-14);
    EXPECT_NEAR(error.out_norm(), o.norm(), 1e-13);
  }
}

TEST(ErrorMeasureTest, AReferenceOfAnotherLengthIsOurFault) {
  EXPECT_THROW(measure({1, 2}, {1}), LogicFault);
}

}  // namespace
}  // namespace hdp
