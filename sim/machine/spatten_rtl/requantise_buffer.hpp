// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "fragment.hpp"
#include "requantise_decision.hpp"
#include "shape.hpp"
#include "stream.hpp"

namespace hdp::spatten_rtl {

/// Keeps rows of scores in order around those that are computed a second time: a row waits behind
/// them here, and they come in past it.
class RequantiseBuffer {
 public:
  explicit RequantiseBuffer(const Shape& shape)
      : waiting_(static_cast<std::size_t>(16 * shape.buffer_lines)) {}

  Register<Fragment> out;

  /// Takes the fragment at the exit of the decision if it can; `requantises`: its row does.
  void step(RequantiseDecision& decision, bool requantises, Time now) {
    const bool offered = decision.out.valid && !decision.forwarded;
    if (!offered && waiting_.empty()) return;
    const Fragment& fragment = decision.out.value;
    const bool bypass = offered && fragment.second;
    if (const int port = arbitrate(bypass, fragment, now); port == 0) {
      waiting_.pop(now);
    } else if (port == 1) {
      decision.forwarded = true;
    }
    if (!offered || bypass) return;
    if (requantises) {  // computed again: these scores are dropped
      decision.forwarded = true;
      if (fragment.last) ++needed_;
    } else if (waiting_.can_push(now)) {
      decision.forwarded = true;
      waiting_.push({fragment, needed_}, now);
      if (fragment.last) needed_ = 0;
    }
  }

 private:
  struct Waiting {
    Fragment fragment;
    std::int32_t needed = 0;  ///< Rows to be computed again before it.
  };

  // The port whose fragment enters the exit, or -1.
  int arbitrate(bool bypass, const Fragment& second, Time now) {
    const bool head = waiting_.can_pop(now) && waiting_.front().needed <= finished_;
    int port = locked_;
    if (port < 0) port = head ? 0 : bypass ? 1 : -1;
    if (port < 0 || !(port == 0 ? head : bypass)) return -1;
    locked_ = port;
    if (!out.ready()) return -1;
    out.load(port == 0 ? waiting_.front().fragment : second);
    if (out.value.last) {
      locked_ = -1;
      finished_ = port == 0 ? 0 : finished_ + 1;
    }
    return port;
  }

  StreamFifo<Waiting> waiting_;
  std::int32_t needed_ = 0, finished_ = 0;
  int locked_ = -1;
};

}  // namespace hdp::spatten_rtl
