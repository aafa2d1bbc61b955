// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace hdp {

/// Batcher's odd-even merge sorting network, the alternative to a quick select: it sorts all values
/// to find the largest. A comparator brings two places into falling order.
class BatcherSorter {
 public:
  using Comparator = std::pair<std::size_t, std::size_t>;

  /// For `size` values, at least 1; the network is that of the next power of two, and comparators
  /// with a place beyond the values are left out.
  explicit BatcherSorter(std::int64_t size);

  /// The layers, each of comparators that work at once.
  [[nodiscard]] const std::vector<std::vector<Comparator>>& layers() const { return layers_; }
  [[nodiscard]] std::int64_t comparisons() const;
  /// With so many comparators, used again and again: a layer takes its comparators over them,
  /// rounded up.
  [[nodiscard]] std::int64_t cycles(std::int64_t parallelism) const;
  void sort(std::vector<std::int64_t>& values) const;

 private:
  std::vector<std::vector<Comparator>> layers_;
};

}  // namespace hdp
