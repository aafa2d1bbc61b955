// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace hdp {

/// Narrowest and widest word a fixed-point code may have.
inline constexpr std::int64_t kMinWordBits = 2;
inline constexpr std::int64_t kMaxWordBits = 24;

/// Symmetric fixed point: code = clamp(rne(x * 2^fraction_bits), -limit, limit).
struct FixedPoint {
  std::int64_t word_bits = 16;
  std::int64_t fraction_bits = 12;

  /// Largest code; the most negative two's complement code is unused.
  [[nodiscard]] constexpr std::int32_t limit() const {
    return (std::int32_t{1} << (word_bits - 1)) - 1;
  }
  /// Bits of the integer plane, sign included.
  [[nodiscard]] constexpr std::int64_t integer_bits() const { return word_bits - fraction_bits; }
  /// Value of one unit of the code.
  [[nodiscard]] constexpr double unit() const {
    return 1.0 / static_cast<double>(std::int64_t{1} << fraction_bits);
  }
  friend bool operator==(const FixedPoint&, const FixedPoint&) = default;
};

/// Writes the codes of `values` and returns how many saturated. Same lengths; no NaN.
std::int64_t quantise(FixedPoint format, std::span<const double> values,
                      std::span<std::int32_t> codes);

/// Counts, for every candidate of `fraction_bits: auto` (w-8 .. w-3), how many values saturate.
class SaturationCounter {
 public:
  static constexpr std::size_t kCandidates = 6;

  explicit SaturationCounter(std::int64_t word_bits) : word_bits_(word_bits) {}
  void add(std::span<const double> values);
  /// True if at most `share` of the values saturate with candidate i, fraction_bits(i) bits.
  [[nodiscard]] bool passes(std::size_t i, double share) const;
  [[nodiscard]] std::int64_t fraction_bits(std::size_t i) const;

 private:
  std::int64_t word_bits_;
  std::int64_t count_ = 0;
  std::array<std::int64_t, kCandidates> saturated_{};
};

/// Largest candidate at which every counter passes, the smallest candidate if none does.
std::int64_t auto_fraction_bits(std::span<const SaturationCounter> counters, double max_saturated);

}  // namespace hdp
