// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fragment.hpp"
#include "shape.hpp"
#include "stream.hpp"

namespace hdp::spatten_rtl {

/// Holds a row of scores until its largest is known: they pass the tree that finds it, then wait in
/// a FIFO. The fragment at the exit goes both to the report and onwards, each when it can.
class RequantiseDecision {
 public:
  explicit RequantiseDecision(const Shape& shape)
      : tree_(static_cast<std::size_t>(shape.tree_levels)),
        scores_(static_cast<std::size_t>(shape.buffer_lines)) {}

  Register<Fragment> out;
  bool reported = false, forwarded = false;  ///< What has become of `out`.

  /// Steps after its taker and before its giver.
  void step(Time now) {
    if (maximum_ && out.ready() && scores_.can_pop(now)) {
      out.load(scores_.front());
      scores_.pop(now);
      if (out.value.last) maximum_ = false;
    }
    if (tree_.empty()) return;
    // The levels move together, bubbles included.
    Register<Fragment>& exit = tree_[exit_];
    stalled_ = exit.valid && !store(exit.value, now);
    if (stalled_) return;
    exit.valid = false;
    entry_ = exit_;
    if (++exit_ == tree_.size()) exit_ = 0;
  }
  /// Takes the fragment into the tree, or, where a line has one score, past it.
  bool accept(const Fragment& fragment, Time now) {
    if (tree_.empty()) return store(fragment, now);
    if (stalled_) return false;
    tree_[entry_].load(fragment);
    return true;
  }

 private:
  // A row's last score brings the largest, for which there is one slot.
  bool store(const Fragment& fragment, Time now) {
    if (!scores_.can_push(now) || (fragment.last && maximum_)) return false;
    scores_.push(fragment, now);
    maximum_ |= fragment.last;
    return true;
  }

  std::vector<Register<Fragment>> tree_;  ///< A ring: what leaves makes room for what enters.
  std::size_t exit_ = 0, entry_ = 0;
  StreamFifo<Fragment> scores_;
  bool stalled_ = false;
  bool maximum_ = false;  ///< That of the row at the head is known.
};

}  // namespace hdp::spatten_rtl
