// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "fragment.hpp"
#include "requantise_decision.hpp"
#include "stream.hpp"

namespace hdp::spatten_rtl {

/// The QK array: a line a cycle, eight cycles long. Multipliers and adder tree move together.
class DotProduct {
 public:
  /// Hands a result on; steps before its giver.
  void step(RequantiseDecision& decision, Time now) {
    auto& exit = pipeline_[exit_];
    if (exit.valid && decision.accept(exit.value, now)) exit.valid = false;
    if (exit.valid) return;
    if (broadcast_.valid) exit = broadcast_;
    broadcast_.valid = false;
    if (++exit_ == pipeline_.size()) exit_ = 0;
  }
  [[nodiscard]] bool ready() const { return broadcast_.ready(); }
  void push(const Fragment& fragment) { broadcast_.load(fragment); }

 private:
  Register<Fragment> broadcast_;
  std::array<Register<Fragment>, 7> pipeline_{};
  std::size_t exit_ = 0;
};

}  // namespace hdp::spatten_rtl
