// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "fragment.hpp"
#include "request.hpp"
#include "shape.hpp"
#include "stream.hpp"
#include "value_stage.hpp"

namespace hdp::spatten_rtl {

/// From scores to those whose values are fetched. As in the RTL's simulation the engine is a FIFO
/// that waits as many cycles as the quick select would take and keeps a row's first fragments;
/// rows that keep everything pass beside it.
class TopKStage {
 public:
  TopKStage(std::span<const Request> requests, const Shape& shape)
      : requests_(requests), engine_(static_cast<std::size_t>(shape.buffer_lines)) {}

  /// Steps after its taker; takes what lies in `in`.
  void step(ValueStage& values, Register<Fragment>& in, Time now);

 private:
  [[nodiscard]] const Request& request_of(const Fragment& fragment) const {
    return requests_[static_cast<std::size_t>(fragment.request)];
  }
  void choose(ValueStage& values, Time now);
  void select(Time now);

  std::span<const Request> requests_;
  std::array<Register<Fragment>, 3> registers_;  ///< Rebatch, and two of the index reload.
  StreamFifo<Fragment> engine_;
  Time head_since_ = -1;
  std::int32_t rows_ = 0, old_rows_ = 0;  ///< In the engine, now and as the cycle began.
  int locked_ = -1;
};

}  // namespace hdp::spatten_rtl
