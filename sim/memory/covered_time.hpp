// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include <hdp/base/quantity.hpp>

namespace hdp {

/// Time that intervals cover which begin in order: where they overlap it counts once.
class CoveredTime {
 public:
  void add(Cycle at, Cycles length) {
    const Cycle end = at + length;
    if (end <= end_) return;
    covered_ += end - std::max(at, end_);
    end_ = end;
  }
  /// The part of it before `end`, which no interval begins after.
  [[nodiscard]] Cycles before(Cycle end) const {
    return covered_ - std::max(Cycles{0}, end_ - end);
  }

 private:
  Cycles covered_{};
  Cycle end_{};  ///< Of the interval that ends last.
};

}  // namespace hdp
