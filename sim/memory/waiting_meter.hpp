// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include <hdp/base/quantity.hpp>

namespace hdp {

/// How many requests wait for their column command, and for how long.
class WaitingMeter {
 public:
  void enter(Cycle now) {
    if (waiting_++ == 0) empty_ += now - empty_since_;
    most_ = std::max(most_, waiting_);
  }
  void leave(Cycle entered_at, Cycle now) {
    waited_ += now - entered_at;
    if (--waiting_ == 0) empty_since_ = now;
  }
  [[nodiscard]] std::int64_t most() const { return most_; }
  /// Of all that have left.
  [[nodiscard]] Cycles waited() const { return waited_; }
  /// Time before `end` in which nothing waited.
  [[nodiscard]] Cycles empty_before(Cycle end) const {
    return waiting_ == 0 ? empty_ + (end - empty_since_) : empty_;
  }

 private:
  std::int64_t waiting_ = 0, most_ = 0;
  Cycles waited_{}, empty_{};
  Cycle empty_since_{};
};

}  // namespace hdp
