// SPDX-License-Identifier: Apache-2.0
#include "numeric/double_panels.hpp"

#include <algorithm>
#include <cstring>

#include "numeric/vector_width.hpp"

namespace hdp {
namespace {

constexpr std::int64_t kRows = DoublePanels::kRows;
constexpr std::int64_t kPanel = DoublePanels::kPanel;
using Lanes2 = double __attribute__((vector_size(16)));
using Lanes4 = double __attribute__((vector_size(32)));

/// tile[r][j] = sum over k of rows[k][r] * panel[k][j], for two vectors of columns.
template <class Lanes>
[[gnu::always_inline]] inline void multiply_columns(const double* rows, const double* panel,
                                                    std::int64_t depth, double* tile) {
  constexpr std::int64_t kLanes = sizeof(Lanes) / sizeof(double);
  Lanes low[kRows] = {}, high[kRows] = {};
  for (std::int64_t k = 0; k < depth; ++k) {
    Lanes b_low, b_high;
    std::memcpy(&b_low, panel + k * kPanel, sizeof b_low);
    std::memcpy(&b_high, panel + k * kPanel + kLanes, sizeof b_high);
    for (std::int64_t r = 0; r < kRows; ++r) {
      const double a = rows[k * kRows + r];
      low[r] += a * b_low;
      high[r] += a * b_high;
    }
  }
  for (std::int64_t r = 0; r < kRows; ++r) {
    std::memcpy(tile + r * kPanel, &low[r], sizeof low[r]);
    std::memcpy(tile + r * kPanel + kLanes, &high[r], sizeof high[r]);
  }
}

void multiply_panel(const double* rows, const double* panel, std::int64_t depth, double* tile) {
  for (std::int64_t j = 0; j < kPanel; j += 4)
    multiply_columns<Lanes2>(rows, panel + j, depth, tile + j);
}

HDP_TARGET_AVX2 void multiply_panel_avx2(const double* rows, const double* panel,
                                         std::int64_t depth, double* tile) {
  multiply_columns<Lanes4>(rows, panel, depth, tile);
}

}  // namespace

void DoublePanels::interleave(MatrixView<const double> a, std::int64_t depth) {
  rows_.resize(static_cast<std::size_t>(depth * kRows));
  double* to = rows_.data();
  for (std::int64_t k = 0; k < depth; ++k)
    for (std::int64_t r = 0; r < kRows; ++r)
      *to++ = r < a.rows() ? a.data()[r * a.columns() + k] : 0.0;
}

void DoublePanels::multiply(MatrixView<const double> a, std::int64_t depth, std::int64_t columns,
                            MatrixView<double> out) {
  interleave(a, depth);
  const auto multiply_one =
      vector_width() == VectorWidth::Avx2 ? multiply_panel_avx2 : multiply_panel;
  for (std::int64_t j = 0; j < columns; j += kPanel) {
    double tile[kRows * kPanel];
    multiply_one(rows_.data(), panels_.data() + j * depth_, depth, tile);
    const auto width = static_cast<std::size_t>(std::min(kPanel, columns - j));
    for (std::int64_t r = 0; r < a.rows(); ++r)
      std::memcpy(&out.row(r)[static_cast<std::size_t>(j)], tile + r * kPanel,
                  width * sizeof(double));
  }
}

}  // namespace hdp
