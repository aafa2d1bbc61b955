// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <hdp/base/quantity.hpp>
#include <hdp/numeric/matrix.hpp>

namespace hdp {

/// C = A.B in double for a few rows of A at a time. Every result is summed over k in rising order,
/// multiply then add, so its bits depend on nothing but the operands.
class DoublePanels {
 public:
  static constexpr std::int64_t kRows = 4;
  static constexpr std::int64_t kPanel = 8;  ///< Columns that are multiplied at a time.

  /// B [depth, columns], an Eigen view or its transpose.
  template <class Dense>
  void load(const Dense& b) {
    depth_ = b.rows();
    panels_.assign(static_cast<std::size_t>(ceil_div(b.cols(), kPanel) * kPanel * depth_), 0.0);
    for (std::int64_t j = 0; j < b.cols(); ++j) {
      double* const lane = panels_.data() + (j / kPanel) * kPanel * depth_ + j % kPanel;
      for (std::int64_t k = 0; k < depth_; ++k) lane[k * kPanel] = b(k, j);
    }
  }

  /// out[r][j] = sum over k < depth of a[r][k] * b[k][j] for j < columns; r < rows of a <= kRows.
  void multiply(MatrixView<const double> a, std::int64_t depth, std::int64_t columns,
                MatrixView<double> out);

 private:
  /// The rows as [k][row]; missing rows are 0.
  void interleave(MatrixView<const double> a, std::int64_t depth);

  std::int64_t depth_ = 0;
  std::vector<double> panels_;
  std::vector<double> rows_;
};

}  // namespace hdp
