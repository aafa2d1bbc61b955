// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "numeric/vector_width.hpp"
#include <hdp/base/check.hpp>
#include <hdp/base/quantity.hpp>
#include <hdp/numeric/integer_product.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kKeyPanel = 32;  // keys of a panel
constexpr std::int64_t kSpread = 16;  // copies of a value of a row: the lanes of the widest vector
constexpr std::int64_t kQueryRows = 4;  // rows multiplied with a panel at a time
constexpr std::int64_t kShortestChunk = 8;
using Lanes8 = std::int16_t __attribute__((vector_size(16)));
using Lanes16 = std::int16_t __attribute__((vector_size(32)));

using Chunk = void (*)(const std::int16_t*, const std::int16_t*, std::int64_t, std::int32_t*);

/// 16-bit sums of kQueryRows rows with two vectors of keys of a panel over `depth` dimensions,
/// added to total[row][key].
template <class Lanes>
[[gnu::always_inline]] inline void add_columns(const std::int16_t* spread,
                                               const std::int16_t* panel, std::int64_t depth,
                                               std::int32_t* total) {
  constexpr std::int64_t kLanes = sizeof(Lanes) / sizeof(std::int16_t);
  Lanes low[kQueryRows] = {}, high[kQueryRows] = {};
  for (std::int64_t k = 0; k < depth; ++k) {
    Lanes key_low, key_high;
    std::memcpy(&key_low, panel + k * kKeyPanel, sizeof key_low);
    std::memcpy(&key_high, panel + k * kKeyPanel + kLanes, sizeof key_high);
    for (std::int64_t r = 0; r < kQueryRows; ++r) {
      Lanes value;
      std::memcpy(&value, spread + (k * kQueryRows + r) * kSpread, sizeof value);
      low[r] += value * key_low;
      high[r] += value * key_high;
    }
  }
  for (std::int64_t r = 0; r < kQueryRows; ++r) {
    for (std::int64_t j = 0; j < kLanes; ++j) {
      total[r * kKeyPanel + j] += low[r][j];
      total[r * kKeyPanel + kLanes + j] += high[r][j];
    }
  }
}

void add_chunk(const std::int16_t* spread, const std::int16_t* panel, std::int64_t depth,
               std::int32_t* total) {
  for (std::int64_t j = 0; j < kKeyPanel; j += 16)
    add_columns<Lanes8>(spread, panel + j, depth, total + j);
}

HDP_TARGET_AVX2 void add_chunk_avx2(const std::int16_t* spread, const std::int16_t* panel,
                                    std::int64_t depth, std::int32_t* total) {
  add_columns<Lanes16>(spread, panel, depth, total);
}

}  // namespace

std::int64_t max_abs(std::span<const std::int32_t> values) {
  std::int32_t most = 0;
  for (const std::int32_t v : values) most = std::max(most, std::abs(v));
  return most;
}

void IntegerProduct::load(MatrixView<const std::int32_t> keys, std::int64_t row_max) {
  keys_ = keys;
  const std::int64_t largest = std::max<std::int64_t>(1, row_max * max_abs(keys.values()));
  bound_ = largest * keys.columns();
  chunk_ = std::min(keys.columns(), std::int64_t{INT16_MAX} / largest);
  if (chunk_ < std::min(kShortestChunk, keys.columns())) chunk_ = 0;
  if (chunk_ != 0) pack();
}

void IntegerProduct::pack() {
  const std::int64_t n = keys_.rows(), d = keys_.columns();
  panels_.assign(static_cast<std::size_t>(ceil_div(n, kKeyPanel) * kKeyPanel * d), 0);
  for (std::int64_t j = 0; j < n; ++j) {
    const auto key = keys_.row(j);
    std::int16_t* const lane = panels_.data() + (j / kKeyPanel) * kKeyPanel * d + j % kKeyPanel;
    for (std::int64_t k = 0; k < d; ++k)
      lane[k * kKeyPanel] = static_cast<std::int16_t>(key[static_cast<std::size_t>(k)]);
  }
}

void IntegerProduct::multiply(MatrixView<const std::int32_t> rows, std::int64_t columns,
                              MatrixView<std::int32_t> out) {
  HDP_CHECK(bound_ <= INT32_MAX, "32-bit products would overflow");
  if (chunk_ != 0) {
    multiply_panels(rows, columns, out);
    return;
  }
  for (std::int64_t r = 0; r < rows.rows(); ++r) {
    for (std::int64_t j = 0; j < columns; ++j) {
      const std::int32_t* const a = rows.row(r).data();
      const std::int32_t* const b = keys_.row(j).data();
      std::int32_t sum = 0;
      for (std::int64_t k = 0; k < keys_.columns(); ++k) sum += a[k] * b[k];
      out.row(r)[static_cast<std::size_t>(j)] = sum;
    }
  }
}

void IntegerProduct::multiply_panels(MatrixView<const std::int32_t> rows, std::int64_t columns,
                                     MatrixView<std::int32_t> out) {
  const Chunk add = vector_width() == VectorWidth::Avx2 ? add_chunk_avx2 : add_chunk;
  const std::int64_t d = keys_.columns();
  spread_.resize(static_cast<std::size_t>(d * kQueryRows * kSpread));
  for (std::int64_t top = 0; top < rows.rows(); top += kQueryRows) {
    const std::int64_t live = std::min(kQueryRows, rows.rows() - top);
    for (std::int64_t k = 0; k < d; ++k) {
      for (std::int64_t r = 0; r < kQueryRows; ++r) {
        const std::int32_t value = r < live ? rows.row(top + r)[static_cast<std::size_t>(k)] : 0;
        std::fill_n(spread_.data() + (k * kQueryRows + r) * kSpread, kSpread,
                    static_cast<std::int16_t>(value));
      }
    }
    for (std::int64_t j = 0; j < columns; j += kKeyPanel) {
      std::int32_t total[kQueryRows * kKeyPanel] = {};
      for (std::int64_t k = 0; k < d; k += chunk_)
        add(spread_.data() + k * kQueryRows * kSpread, panels_.data() + j * d + k * kKeyPanel,
            std::min(chunk_, d - k), total);
      const auto width = static_cast<std::size_t>(std::min(kKeyPanel, columns - j));
      for (std::int64_t r = 0; r < live; ++r)
        std::memcpy(&out.row(top + r)[static_cast<std::size_t>(j)], total + r * kKeyPanel,
                    width * sizeof(std::int32_t));
    }
  }
}

void IntegerProduct::multiply(MatrixView<const std::int32_t> rows, std::int64_t columns,
                              MatrixView<std::int64_t> out) const {
  for (std::int64_t r = 0; r < rows.rows(); ++r) {
    for (std::int64_t j = 0; j < columns; ++j) {
      const std::int32_t* const a = rows.row(r).data();
      const std::int32_t* const b = keys_.row(j).data();
      std::int64_t sum = 0;
      for (std::int64_t k = 0; k < keys_.columns(); ++k) sum += std::int64_t{a[k]} * b[k];
      out.row(r)[static_cast<std::size_t>(j)] = sum;
    }
  }
}

}  // namespace hdp
