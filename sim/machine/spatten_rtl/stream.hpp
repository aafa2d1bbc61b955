// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace hdp::spatten_rtl {

/// Cycles of the RTL's clock; edge 16 is the first out of reset.
using Time = std::int64_t;

/// One register with a handshake. Stages step from the sink to the source, so that a register that
/// hands its content on in a cycle takes the next in the same one.
template <class T>
struct Register {
  bool valid = false;
  T value{};
  [[nodiscard]] bool ready() const { return !valid; }
  void load(const T& next) {
    value = next;
    valid = true;
  }
};

/// A register behind a skid slot: one cycle, and ready as long as the skid is empty. Its taker
/// steps before its giver; tick() ends the cycle of both.
template <class T>
class SkidRegister {
 public:
  [[nodiscard]] bool ready() const { return !skid_.valid; }
  void push(const T& next) { incoming_.load(next); }
  [[nodiscard]] bool valid() const { return register_.valid; }
  [[nodiscard]] const T& front() const { return register_.value; }
  void pop() { register_.valid = false; }
  void tick() {
    Register<T>& source = skid_.valid ? skid_ : incoming_;
    if (!source.valid) return;
    if (register_.ready()) {
      register_.load(source.value);
      source.valid = false;
    } else if (&source == &incoming_) {
      skid_.load(incoming_.value);
      incoming_.valid = false;
    }
  }

 private:
  Register<T> register_, skid_, incoming_;
};

/// A FIFO whose entries may leave two cycles after they came, and whose room an entry frees one
/// cycle after it left. The taker steps before the giver.
template <class T>
class StreamFifo {
 public:
  explicit StreamFifo(std::size_t depth)
      : slots_(std::bit_ceil(depth)), mask_(slots_.size() - 1), depth_(depth) {}

  [[nodiscard]] bool can_push(Time now) const { return occupancy(now) < depth_; }
  void push(const T& value, Time now) {
    Slot& slot = slots_[pushed_++ & mask_];
    slot.value = value;
    slot.visible = now + 2;
  }
  [[nodiscard]] bool can_pop(Time now) const {
    return popped_ != pushed_ && slots_[popped_ & mask_].visible <= now;
  }
  [[nodiscard]] const T& front() const { return slots_[popped_ & mask_].value; }
  void pop(Time now) {
    ++popped_;
    last_pop_ = now;
  }
  /// Entries at the start of the cycle.
  [[nodiscard]] std::size_t occupancy(Time now) const {
    return pushed_ - popped_ + (last_pop_ == now ? 1 : 0);
  }
  [[nodiscard]] bool empty() const { return pushed_ == popped_; }

 private:
  struct Slot {
    T value{};
    Time visible = 0;
  };
  std::vector<Slot> slots_;
  std::size_t mask_, depth_;
  std::size_t pushed_ = 0, popped_ = 0;
  Time last_pop_ = -1;
};

}  // namespace hdp::spatten_rtl
