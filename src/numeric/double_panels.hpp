// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include <hdp/base/quantity.hpp>
#include <hdp/numeric/matrix.hpp>

namespace hdp {

/// C = A.B in double for a few rows of A at a time. Every result is summed over k in rising order,
/// multiply then add, so its bits depend on nothing but the operands.
class DoublePanels {
 public:
  static constexpr std::int64_t kRows = 4;

  /// B [depth, columns] given by element: b(k, j).
  template <class Element>
  void load(std::int64_t depth, std::int64_t columns, Element b) {
    depth_ = depth;
    columns_ = columns;
    panels_.assign(static_cast<std::size_t>(ceil_div(columns, kPanel) * kPanel * depth), 0.0);
    for (std::int64_t j = 0; j < columns; ++j) {
      double* const lane = panels_.data() + (j / kPanel) * kPanel * depth + j % kPanel;
      for (std::int64_t k = 0; k < depth; ++k) lane[k * kPanel] = b(k, j);
    }
  }

  /// out[r][j] = sum over k < depth of a[r][k] * b[k][j] for j < columns; r < rows of a <= kRows.
  void multiply(MatrixView<const double> a, std::int64_t depth, std::int64_t columns,
                MatrixView<double> out) {
    spread(a, depth);
    for (std::int64_t j = 0; j < columns; j += kPanel) {
      double tile[kRows][kPanel];
      multiply_panel(panels_.data() + j * depth_, depth, tile);
      const auto width = static_cast<std::size_t>(std::min(kPanel, columns - j));
      for (std::int64_t r = 0; r < a.rows(); ++r)
        std::memcpy(&out.row(r)[static_cast<std::size_t>(j)], tile[r], width * sizeof(double));
    }
  }

 private:
  static constexpr std::int64_t kLanes = 2;
  static constexpr std::int64_t kPanel = 4;
  using Lanes = double __attribute__((vector_size(16)));

  static Lanes load_lanes(const double* from) {
    Lanes lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
  }

  /// Every value of the rows once per lane, [k][row][lane]; missing rows are 0.
  void spread(MatrixView<const double> a, std::int64_t depth) {
    spread_.resize(static_cast<std::size_t>(depth * kRows * kLanes));
    double* to = spread_.data();
    for (std::int64_t k = 0; k < depth; ++k) {
      for (std::int64_t r = 0; r < kRows; ++r) {
        const double value = r < a.rows() ? a.data()[r * a.columns() + k] : 0.0;
        *to++ = value;
        *to++ = value;
      }
    }
  }

  void multiply_panel(const double* panel, std::int64_t depth,
                      double (&tile)[kRows][kPanel]) const {
    Lanes low[kRows] = {}, high[kRows] = {};
    for (std::int64_t k = 0; k < depth; ++k) {
      const Lanes b_low = load_lanes(panel + k * kPanel);
      const Lanes b_high = load_lanes(panel + k * kPanel + kLanes);
      for (std::int64_t r = 0; r < kRows; ++r) {
        const Lanes value = load_lanes(spread_.data() + (k * kRows + r) * kLanes);
        low[r] += value * b_low;
        high[r] += value * b_high;
      }
    }
    for (std::int64_t r = 0; r < kRows; ++r) {
      std::memcpy(tile[r], &low[r], sizeof low[r]);
      std::memcpy(tile[r] + kLanes, &high[r], sizeof high[r]);
    }
  }

  std::int64_t depth_ = 0;
  std::int64_t columns_ = 0;
  std::vector<double> panels_;
  std::vector<double> spread_;
};

}  // namespace hdp
