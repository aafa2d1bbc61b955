// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <limits>

#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/workload/weights.hpp>

namespace hdp {
namespace {

using test::error_of;

std::string refusal(const test::TraceFile& file) {
  return error_of([&] { weights_from_bytes(file.bytes(), "w"); });
}

TEST(WeightsTest, MatricesAreReadWhole) {
  test::TraceFile file;
  file.add("m", {2, 3}, ElementType::I8,
           test::bytes_of(std::vector<std::int8_t>{1, -2, 3, -4, 5, -128}));
  const Weights weights = weights_from_bytes(file.bytes(), "w");
  const Matrix<double> matrix = read_matrix(*weights.matrices().front());
  EXPECT_EQ(matrix.row(0)[1], -2);
  EXPECT_EQ(matrix.row(1)[2], -128);
  EXPECT_EQ(weights.name(), "w");
}

TEST(WeightsTest, WhatIsNoMatrixIsRefused) {
  constexpr const char* kShapes =
      "; allowed: weights [rows, columns], or one dimension; a trace has layers.L.q, layers.L.k, "
      "layers.L.v";
  EXPECT_EQ(refusal(test::TraceFile().add("a", {2, 2}).add("t", {2, 2, 2})),
            std::string("w: tensor 't': shape [2, 2, 2]") + kShapes);
  EXPECT_EQ(refusal(test::TraceFile().add("t", {0, 2})),
            std::string("w: tensor 't': shape [0, 2]") + kShapes);
  EXPECT_EQ(refusal(test::TraceFile().add("t", {})),
            std::string("w: tensor 't': shape []") + kShapes);
  EXPECT_EQ(refusal(test::TraceFile().add("bias", {2})),
            "w: holds no weights; allowed: tensors of two dimensions [rows, columns]");
}

TEST(WeightsTest, ValuesAreFinite) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    test::TraceFile file;
    file.add("t", {2, 2}, ElementType::F32, test::bytes_of(std::vector<float>{1, 2, bad, 4}));
    EXPECT_EQ(refusal(file), std::string("w: tensor 't': value ") + (bad != bad ? "NaN" : "-inf") +
                                 " at [1, 0]; allowed: finite numbers of at most 2^128 (3.4e38) in "
                                 "magnitude");
  }
}

}  // namespace
}  // namespace hdp
