// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <hdp/base/int128.hpp>

namespace hdp {

/// Of the importances of a row of blocks.
struct RowStatistics {
  std::int64_t minimum, maximum, sum;
};

template <class Sum>
RowStatistics statistics_of(std::span<const Sum> theta) {
  Sum least = theta[0], most = theta[0];
  std::int64_t sum = 0;
  for (const Sum t : theta) {
    least = t < least ? t : least;
    most = t > most ? t : most;
    sum += t;
  }
  return {least, most, sum};
}

/// The least theta of n that is kept: 256 n theta >= r n extreme + (256 - r) sum, without a
/// division by block.
inline Int128 least_kept(const RowStatistics& row, std::int64_t n, double rho, std::int64_t r) {
  const std::int64_t extreme = rho >= 0 ? row.maximum : row.minimum;
  const Int128 right = Int128{r} * n * extreme + Int128{256 - r} * row.sum;
  const Int128 left = Int128{256} * n;
  const Int128 quotient = right / left;  // towards zero
  return quotient + static_cast<Int128>(right % left > 0);
}

/// Sets the bit of every block of a row that `stays(theta)`, left to right; returns how many do.
template <class Sum, class Stays>
std::int64_t mark_blocks(std::span<const Sum> theta, Stays stays, std::span<std::uint64_t> words) {
  std::int64_t kept = 0;
  for (std::size_t j = 0; j < theta.size(); j += 64) {
    const std::size_t width = std::min<std::size_t>(64, theta.size() - j);
    std::uint64_t word = 0;
    for (std::size_t t = 0; t < width; ++t) word |= std::uint64_t{stays(theta[j + t])} << t;
    words[j / 64] = word;
    kept += std::popcount(word);
  }
  return kept;
}

/// Keeps those of a row that reach its threshold; r = rne(256 |rho|).
template <class Sum>
std::int64_t keep_above(std::span<const Sum> theta, const RowStatistics& row, double rho,
                        std::int64_t r, std::span<std::uint64_t> words) {
  // Lies between the row's extremes, or one above a negative maximum's fraction: it fits.
  const auto least = static_cast<Sum>(least_kept(row, std::ssize(theta), rho, r));
  return mark_blocks<Sum>(
      theta, [=](Sum t) { return t >= least; }, words);
}

/// Keeps the k largest of a row, ties to the lower column; `order` is scratch.
template <class Sum>
std::int64_t keep_largest(std::span<const Sum> theta, std::int64_t k, std::vector<Sum>& order,
                          std::span<std::uint64_t> words) {
  order.assign(theta.begin(), theta.end());
  std::ranges::nth_element(order, order.begin() + (k - 1), std::greater<>());
  const Sum least = order[static_cast<std::size_t>(k - 1)];
  std::int64_t equals = k - std::ranges::count_if(theta, [=](Sum t) { return t > least; });
  return mark_blocks<Sum>(
      theta, [&](Sum t) { return t > least || (t == least && equals-- > 0); }, words);
}

}  // namespace hdp
