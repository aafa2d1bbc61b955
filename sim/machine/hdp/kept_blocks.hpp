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

/// The kept columns of blocks of every row block of a strip.
class KeptBlocks {
 public:
  void collect(const HdpPlan& plan, const Strip& strip) {
    columns_.clear();
    ends_.clear();
    first_row_block_ = strip.top / plan.block_size;
    const std::int64_t count = ceil_div(strip.height, plan.block_size);
    most_ = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      const std::size_t before = columns_.size();
      plan.mask.for_each(first_row_block_ + i,
                         [&](std::int64_t j) { columns_.push_back(static_cast<std::int32_t>(j)); });
      ends_.push_back(columns_.size());
      most_ = std::max(most_, columns_.size() - before);
    }
  }
  [[nodiscard]] std::int64_t first_row_block() const { return first_row_block_; }
  [[nodiscard]] std::int64_t row_blocks() const { return static_cast<std::int64_t>(ends_.size()); }
  /// Kept columns of row block i of the strip, in rising order.
  [[nodiscard]] std::span<const std::int32_t> row(std::int64_t i) const {
    const auto at = static_cast<std::size_t>(i);
    const std::size_t begin = at == 0 ? 0 : ends_[at - 1];
    return {columns_.data() + begin, ends_[at] - begin};
  }
  /// The most kept blocks of a row block: what the strip waits for.
  [[nodiscard]] std::int64_t most() const { return static_cast<std::int64_t>(most_); }
  [[nodiscard]] std::int64_t total() const { return static_cast<std::int64_t>(columns_.size()); }

 private:
  std::vector<std::int32_t> columns_;
  std::vector<std::size_t> ends_;
  std::int64_t first_row_block_ = 0;
  std::size_t most_ = 0;
};

}  // namespace hdp
