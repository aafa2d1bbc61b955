// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <hdp/numeric/bit_matrix.hpp>
#include <hdp/numeric/error_measure.hpp>
#include <hdp/numeric/matrix.hpp>
#include <hdp/prune/problem.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// Outputs of a head beside dense attention in double on the values of the trace.
struct DenseComparison {
  ErrorMeasure error;
  double mass = 0;  ///< Of the dense probabilities on the entries used, summed over the rows.
  std::int64_t rows = 0;

  /// Mean over the rows.
  [[nodiscard]] double mass_kept() const {
    return rows == 0 ? 0 : mass / static_cast<double>(rows);
  }
};

/// `out` [n_q, d] and `used` [n_q, n_k] of query head `head`; rows that were not `computed` are
/// left out.
DenseComparison compare_with_dense(const Trace& trace, std::int64_t layer, std::int64_t head,
                                   std::span<const Problem> problems, MatrixView<const double> out,
                                   const BitMatrix& used, const std::vector<bool>& computed);

}  // namespace hdp
