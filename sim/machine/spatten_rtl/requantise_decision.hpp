// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fragment.hpp"
#include "shape.hpp"
#include "stream.hpp"

namespace hdp::spatten_rtl {

/// Holds a row of scores until its largest is known. The fragment at the exit goes both to the
/// report and onwards, each when it can.
class RequantiseDecision {
 public:
  explicit RequantiseDecision(const Shape& shape)
      : scores_(static_cast<std::size_t>(shape.buffer_lines)),
        tree_(static_cast<std::size_t>(shape.tree_levels)) {}

  Register<Fragment> out;
  bool reported = false, forwarded = false;  ///< What has become of `out`.

  /// Steps after its taker and before its giver.
  void step(Time now) {
    if (maximum_ && out.ready() && scores_.can_pop(now)) {
      out.load(scores_.front());
      scores_.pop(now);
      if (out.value.last) maximum_ = false;
    }
    // The levels of the tree move together, bubbles included.
    stalled_ = !tree_.empty() && tree_.back().valid && !take_maximum(tree_.back().value);
    if (stalled_) return;
    for (std::size_t level = tree_.size(); level-- > 1;) tree_[level] = tree_[level - 1];
    if (!tree_.empty()) tree_.front().valid = false;
  }
  [[nodiscard]] bool accepts(const Fragment& fragment, Time now) const {
    return scores_.can_push(now) && (tree_.empty() ? !(fragment.last && maximum_) : !stalled_);
  }
  void push(const Fragment& fragment, Time now) {
    scores_.push(fragment, now);
    if (tree_.empty()) {
      take_maximum(fragment.last);
    } else {
      tree_.front().load(fragment.last);
    }
  }

 private:
  bool take_maximum(bool last) {
    if (!last) return true;
    if (maximum_) return false;
    return maximum_ = true;
  }

  StreamFifo<Fragment> scores_;
  std::vector<Register<bool>> tree_;  ///< Whether the fragment is a row's last.
  bool stalled_ = false;
  bool maximum_ = false;  ///< That of the row at the head is known.
};

}  // namespace hdp::spatten_rtl
