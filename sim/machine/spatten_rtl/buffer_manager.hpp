// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>

#include "shape.hpp"
#include "stream.hpp"

namespace hdp::spatten_rtl {

/// Lines that a batch holds, and the tag its data carry.
struct Allocation {
  std::int32_t start = 0, tag = 0;
};

/// Gives out the lines of a buffer in a circle, to at most 16 batches; they come back in the order
/// in which they went, four cycles after a release, one batch a cycle.
class BufferManager {
 public:
  explicit BufferManager(const Shape& shape) : lines_(shape.buffer_lines), free_(lines_) {
    released_.fill(kNever);
  }

  /// Takes back what may be taken; comes first in a cycle.
  void step(Time now) {
    Time& released = released_[oldest_ % kTags];
    if (released > now - 4) return;
    released = kNever;
    free_ += sizes_[oldest_++ % kTags];
  }
  [[nodiscard]] bool can_allocate(std::int32_t lines, Time now) const {
    return now >= kReady && newest_ - oldest_ < kTags && lines <= free_;
  }
  /// None: the lines of the last batch once more, for another part of it.
  Allocation allocate(std::int32_t lines) {
    if (lines == 0) return last_;
    last_ = {next_, static_cast<std::int32_t>(newest_)};
    sizes_[newest_++ % kTags] = lines;
    free_ -= lines;
    next_ = (next_ + lines) % lines_;
    return last_;
  }
  void release(std::int32_t tag, Time now) {
    released_[static_cast<std::size_t>(tag) % kTags] = now;
  }

 private:
  static constexpr std::size_t kTags = 16;
  static constexpr Time kReady = 32;
  static constexpr Time kNever = std::numeric_limits<Time>::max();

  std::int32_t lines_, free_, next_ = 0;
  std::size_t newest_ = 0, oldest_ = 0;
  std::array<std::int32_t, kTags> sizes_{};
  std::array<Time, kTags> released_;
  Allocation last_;
};

}  // namespace hdp::spatten_rtl
