// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include <hdp/base/check.hpp>
#include <hdp/base/quantity.hpp>

namespace hdp {

/// How long a passive resource was in use: the length of the union of intervals whose starts do not
/// decrease. Overlaps count once.
class BusyMeter {
 public:
  /// In use during [start, start + span).
  void occupy(Cycle start, Cycles span) {
    HDP_CHECK(last_start_ <= start && span.count >= 0, "intervals come in the order of starts");
    last_start_ = start;
    const Cycle end = start + span;
    if (end <= until_) return;
    busy_ += end - std::max(start, until_);
    until_ = end;
  }

  /// All time in use, some of it perhaps still to come.
  [[nodiscard]] Cycles busy() const { return busy_; }

  /// Time in use before `end`, which must not lie before the last start.
  [[nodiscard]] Cycles busy_before(Cycle end) const {
    HDP_CHECK(last_start_ <= end, "the past is not kept");
    return busy_ - std::max(until_ - end, Cycles{0});
  }

 private:
  Cycle last_start_{0};
  Cycle until_{0};
  Cycles busy_;
};

}  // namespace hdp
