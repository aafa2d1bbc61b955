// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace hdp {

/// The numbers of java.util.Random, whose recurrence its documentation fixes: what other people's
/// simulators in a JVM draw can be drawn again.
class JavaRandom {
 public:
  explicit JavaRandom(std::uint64_t seed) : state_((seed ^ kMultiplier) & kMask) {}

  std::int32_t next_int() { return next(32); }

  /// Uniform in [0, bound); bound > 0.
  std::int32_t next_int(std::int32_t bound) {
    if ((bound & -bound) == bound) {
      return static_cast<std::int32_t>((static_cast<std::int64_t>(bound) * next(31)) >> 31);
    }
    while (true) {
      const std::int32_t bits = next(31);
      const std::int32_t value = bits % bound;
      // Java draws again where bits - value + (bound - 1) overflows 32 bits.
      if (static_cast<std::int64_t>(bits) - value + (bound - 1) <= INT32_MAX) return value;
    }
  }

 private:
  static constexpr std::uint64_t kMultiplier = 0x5DEECE66D;
  static constexpr std::uint64_t kMask = (std::uint64_t{1} << 48) - 1;

  std::int32_t next(int bits) {
    state_ = (state_ * kMultiplier + 0xB) & kMask;
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(state_ >> (48 - bits)));
  }

  std::uint64_t state_;
};

}  // namespace hdp
