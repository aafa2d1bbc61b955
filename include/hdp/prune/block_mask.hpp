// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include <hdp/base/quantity.hpp>

namespace hdp {

/// Kept blocks of one problem, a bit each: rows of blocks x columns of blocks.
class BlockMask {
 public:
  void resize(std::int64_t rows, std::int64_t columns) {
    rows_ = rows;
    columns_ = columns;
    words_per_row_ = ceil_div(columns, 64);
    words_.assign(static_cast<std::size_t>(rows * words_per_row_), 0);
  }
  [[nodiscard]] std::int64_t rows() const { return rows_; }
  [[nodiscard]] std::int64_t columns() const { return columns_; }
  /// The bits of row i, column j in bit j % 64 of word j / 64.
  [[nodiscard]] std::span<std::uint64_t> words(std::int64_t i) {
    return {words_.data() + i * words_per_row_, static_cast<std::size_t>(words_per_row_)};
  }
  [[nodiscard]] std::span<const std::uint64_t> words(std::int64_t i) const {
    return {words_.data() + i * words_per_row_, static_cast<std::size_t>(words_per_row_)};
  }
  [[nodiscard]] bool kept(std::int64_t i, std::int64_t j) const {
    return ((words(i)[static_cast<std::size_t>(j / 64)] >> (j % 64)) & 1U) != 0;
  }
  /// Kept blocks of row i.
  [[nodiscard]] std::int64_t count(std::int64_t i) const {
    std::int64_t kept = 0;
    for (const std::uint64_t word : words(i)) kept += std::popcount(word);
    return kept;
  }
  /// Calls f(j) for the kept blocks of row i, left to right.
  template <class Visit>
  void for_each(std::int64_t i, Visit f) const {
    std::int64_t base = 0;
    for (std::uint64_t word : words(i)) {
      for (; word != 0; word &= word - 1) f(base + std::countr_zero(word));
      base += 64;
    }
  }

 private:
  std::int64_t rows_ = 0;
  std::int64_t columns_ = 0;
  std::int64_t words_per_row_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace hdp
