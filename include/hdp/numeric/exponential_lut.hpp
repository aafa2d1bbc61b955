// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <hdp/base/check.hpp>

namespace hdp {

/// exp and ln of a fixed-point unit, to base 2, rounded in one direction each (ours): logarithms
/// are integers of 1 / 256, powers are integers of 2^-15 times a power of two.
struct ExponentialLut {
  static constexpr std::int64_t kIndexBits = 8;
  static constexpr std::int64_t kOne = std::int64_t{1} << kIndexBits;
  static constexpr std::int64_t kValueBits = 15;

  /// floor(2^(index / 256) * 2^15), 0 <= index < 256.
  static std::int64_t power_below(std::int64_t index) {
    return tables().powers[static_cast<std::size_t>(index)];
  }
  /// At most 256 * log2(value), by less than 3; value > 0.
  static std::int64_t log2_below(std::int64_t value) {
    HDP_CHECK(value > 0, "only positive numbers have a logarithm");
    const auto top =
        static_cast<std::int64_t>(std::bit_width(static_cast<std::uint64_t>(value))) - 1;
    const std::int64_t mantissa =
        top >= kIndexBits ? value >> (top - kIndexBits) : value << (kIndexBits - top);
    return top * kOne + tables().logarithms[static_cast<std::size_t>(mantissa - kOne)];
  }
  /// floor(256 * log2(x)), at most one less where that is near an integer; x > 0.
  static std::int64_t log2_below(double x);

 private:
  struct Tables {
    Tables();
    std::array<std::int64_t, static_cast<std::size_t>(kOne)> powers, logarithms;
  };
  static const Tables& tables() {
    static const Tables made;
    return made;
  }
};

/// score * unit, unit > 0, as a logarithm of 1 / 256 to base 2, from either side. All that is left
/// of the unit is a mantissa of 16 bits and a power of two.
class DirectedScale {
 public:
  static constexpr std::int64_t kFar = std::int64_t{1} << 61;  ///< Logarithms go no further.

  explicit DirectedScale(double unit);
  /// At most 256 * log2(exp(score * unit)), and at least that, as near as the mantissa allows;
  /// |score| < 2^46. kFar stands for all beyond it, -kFar too.
  [[nodiscard]] std::int64_t below(std::int64_t score) const {
    const std::int64_t product = score * (score >= 0 ? low_ : high_);  // below 2^62
    return shift_ > 0 ? product >> shift_ : scaled_up(product);
  }
  [[nodiscard]] std::int64_t above(std::int64_t score) const { return -below(-score); }

 private:
  [[nodiscard]] std::int64_t scaled_up(std::int64_t product) const;
  std::int64_t low_ = 0, high_ = 0;  ///< unit * log2(e) * 256 lies in [low, high] * 2^-shift.
  std::int64_t shift_ = 0;           ///< At most 63, which leaves the sign.
};

}  // namespace hdp
