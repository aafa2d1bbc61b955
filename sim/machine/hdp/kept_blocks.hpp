// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "machine/hdp/strips.hpp"
#include <hdp/base/quantity.hpp>
#include <hdp/prune/hdp_plan.hpp>

namespace hdp {

/// The kept columns of every row of blocks of a strip: of blocks, or of keys.
class KeptBlocks {
 public:
  void collect(const HdpPlan& plan, const Strip& strip) {
    columns_.clear();
    ends_.clear();
    visible_.clear();
    const std::int64_t b = plan.block_size, first = strip.top / b;
    for (std::int64_t i = first; i < first + ceil_div(strip.height, b); ++i) {
      plan.mask.for_each(i,
                         [&](std::int64_t j) { columns_.push_back(static_cast<std::int32_t>(j)); });
      ends_.push_back(columns_.size());
      visible_.push_back(plan.problem.visible(std::min(plan.problem.queries, (i + 1) * b) - 1));
    }
  }
  /// Keys that some query of the row of blocks still needs, by `needed(fate)`.
  template <class Needed>
  void collect_keys(const HdpPlan& plan, const Strip& strip, Needed needed) {
    columns_.clear();
    ends_.clear();
    visible_.clear();
    const std::int64_t b = plan.block_size, end = strip.top + strip.height;
    for (std::int64_t top = strip.top; top < end; top += b) {
      const std::size_t before = columns_.size();
      for (std::int64_t i = top; i < std::min(end, top + b); ++i) {
        auto fate = plan.estimates.row(i).begin();
        for_each_kept(plan, i, [&](std::int64_t key) {
          if (needed(*fate++)) columns_.push_back(static_cast<std::int32_t>(key));
        });
      }
      const auto row = columns_.begin() + static_cast<std::ptrdiff_t>(before);
      std::sort(row, columns_.end());
      columns_.erase(std::unique(row, columns_.end()), columns_.end());
      ends_.push_back(columns_.size());
      visible_.push_back(plan.problem.visible(std::min(end, top + b) - 1));
    }
  }
  [[nodiscard]] std::int64_t row_blocks() const { return static_cast<std::int64_t>(ends_.size()); }
  /// Kept columns of row of blocks i of the strip, in rising order.
  [[nodiscard]] std::span<const std::int32_t> row(std::int64_t i) const {
    const auto at = static_cast<std::size_t>(i);
    const std::size_t begin = at == 0 ? 0 : ends_[at - 1];
    return {columns_.data() + begin, ends_[at] - begin};
  }
  /// Those of them in [first, end).
  [[nodiscard]] std::span<const std::int32_t> row(std::int64_t i, std::int64_t first,
                                                  std::int64_t end) const {
    const auto all = row(i);
    const auto from = std::ranges::lower_bound(all, first), to = std::ranges::lower_bound(all, end);
    return {from, to};
  }
  /// Keys that the last query of row of blocks i sees.
  [[nodiscard]] std::int64_t visible(std::int64_t i) const {
    return visible_[static_cast<std::size_t>(i)];
  }
  [[nodiscard]] std::int64_t total() const { return static_cast<std::int64_t>(columns_.size()); }

 private:
  std::vector<std::int32_t> columns_;
  std::vector<std::size_t> ends_;
  std::vector<std::int64_t> visible_;
};

}  // namespace hdp
