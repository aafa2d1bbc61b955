// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hdp {

/// Importances of the blocks that exist, row of blocks after row of blocks: rows differ in length
/// under a causal mask.
class BlockImportances {
 public:
  void clear() {
    values_.clear();
    ends_.clear();
  }
  template <class Sum>
  void add_row(std::span<Sum> theta) {
    values_.insert(values_.end(), theta.begin(), theta.end());
    ends_.push_back(values_.size());
  }
  [[nodiscard]] std::int64_t rows() const { return std::ssize(ends_); }
  [[nodiscard]] std::span<const std::int64_t> row(std::int64_t i) const {
    const auto at = static_cast<std::size_t>(i);
    const std::size_t begin = at == 0 ? 0 : ends_[at - 1];
    return std::span(values_).subspan(begin, ends_[at] - begin);
  }

 private:
  std::vector<std::int64_t> values_;
  std::vector<std::size_t> ends_;
};

}  // namespace hdp
