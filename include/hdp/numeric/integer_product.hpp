// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <hdp/numeric/matrix.hpp>

namespace hdp {

/// Largest |value|.
std::int64_t max_abs(std::span<const std::int32_t> values);

/// Exact products of rows with the same keys: out[r][j] = rows[r] . keys[j]. load() packs the keys
/// for the narrowest arithmetic that cannot overflow; storage is kept from head to head.
class IntegerProduct {
 public:
  /// `keys` [n, d] must outlive the products; `row_max` bounds |value| of every row to come.
  void load(MatrixView<const std::int32_t> keys, std::int64_t row_max);
  /// Largest |result| possible.
  [[nodiscard]] std::int64_t bound() const { return bound_; }
  /// Columns [0, columns) of the products of `rows` [m, d]; out is [m, >= columns]. Results must
  /// fit Sum: std::int32_t only where bound() does.
  void multiply(MatrixView<const std::int32_t> rows, std::int64_t columns,
                MatrixView<std::int32_t> out);
  void multiply(MatrixView<const std::int32_t> rows, std::int64_t columns,
                MatrixView<std::int64_t> out) const;

 private:
  void pack();
  void multiply_panels(MatrixView<const std::int32_t> rows, std::int64_t columns,
                       MatrixView<std::int32_t> out);

  MatrixView<const std::int32_t> keys_;
  std::int64_t bound_ = 0;
  std::int64_t chunk_ = 0;            ///< Products that a 16-bit sum holds; 0: no panels.
  std::vector<std::int16_t> panels_;  ///< [n / panel][d][panel], zeros behind the last key.
  std::vector<std::int16_t> spread_;  ///< One group of rows, every value once per lane.
};

}  // namespace hdp
