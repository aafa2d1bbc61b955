// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <hdp/numeric/integer_product.hpp>
#include <hdp/numeric/matrix.hpp>

namespace hdp {

/// A tensor as symmetric codes; one of them is worth `unit`.
struct CodesView {
  MatrixView<const std::int32_t> codes;
  double unit = 1;
};

/// Dense attention of a head on codes: exponentials of a row are codes, too, of which the largest
/// is 2^(bits-1) - 1, and the row is divided by their sum at its end. Sums are exact. Ours, no
/// paper's.
class CodeAttention {
 public:
  /// K and V [n, d] must outlive it; |code| of a query is at most `query_max`.
  CodeAttention(const CodesView& k, const CodesView& v, std::int64_t bits, std::int64_t query_max);
  /// The output of a query [1, d] that sees the first `visible` keys, at least one.
  void attend(const CodesView& query, std::int64_t visible, std::span<double> out);

 private:
  void weigh(std::span<const std::int64_t> scores, double sigma);

  CodesView k_, v_;
  double one_;
  IntegerProduct product_;
  Matrix<std::int64_t> scores_;
  std::vector<std::int64_t> weights_, sums_;
};

}  // namespace hdp
