// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>

#include <hdp/base/check.hpp>
#include <hdp/base/int128.hpp>
#include <hdp/numeric/exponential_lut.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kSize = ExponentialLut::kOne;
using Table = std::array<std::int64_t, static_cast<std::size_t>(kSize)>;

Table powers() {
  Table table{};
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] = static_cast<std::int64_t>(
        std::floor(std::exp2(static_cast<double>(i) / kSize) * (1 << ExponentialLut::kValueBits)));
  return table;
}

Table logarithms() {
  Table table{};
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] = static_cast<std::int64_t>(
        std::floor(kSize * std::log2(1.0 + static_cast<double>(i) / kSize)));
  return table;
}

/// floor(product / 2^shift), cut off at +-kFar.
std::int64_t scaled_down(Int128 product, std::int64_t shift) {
  constexpr std::int64_t kFar = DirectedScale::kFar;
  if (shift >= 126) return product < 0 ? -1 : 0;
  if (shift <= -61 && product != 0) return product < 0 ? -kFar : kFar;
  const Int128 scaled = shift < 0 ? product * (Int128{1} << -shift) : product >> shift;
  return static_cast<std::int64_t>(std::clamp(scaled, Int128{-kFar}, Int128{kFar}));
}

}  // namespace

std::int64_t ExponentialLut::power_below(std::int64_t index) {
  static const Table kPowers = powers();
  return kPowers[static_cast<std::size_t>(index)];
}

std::int64_t ExponentialLut::log2_below(std::int64_t value) {
  static const Table kLogarithms = logarithms();
  HDP_CHECK(value > 0, "only positive numbers have a logarithm");
  const auto top = static_cast<std::int64_t>(std::bit_width(static_cast<std::uint64_t>(value))) - 1;
  const std::int64_t mantissa =
      top >= kIndexBits ? value >> (top - kIndexBits) : value << (kIndexBits - top);
  return top * kOne + kLogarithms[static_cast<std::size_t>(mantissa - kOne)];
}

std::int64_t ExponentialLut::log2_below(double x) {
  constexpr double kSlack = 1e-9;  // above what a C library's logarithm may be off by
  return static_cast<std::int64_t>(std::floor(kOne * std::log2(x) - kSlack));
}

DirectedScale::DirectedScale(double unit) {
  constexpr std::int64_t kMantissaBits = 16;
  constexpr double kSlack = 0x1p-50;  // what the two products of doubles round by, and more
  int exponent = 0;
  const double fraction = std::frexp(unit * std::numbers::log2e, &exponent);  // in [0.5, 1)
  const auto scaled = [&](double part) { return std::ldexp(fraction * part, kMantissaBits); };
  low_ = static_cast<std::int64_t>(std::floor(scaled(1 - kSlack)));
  high_ = static_cast<std::int64_t>(std::ceil(scaled(1 + kSlack)));
  shift_ = kMantissaBits - exponent - ExponentialLut::kIndexBits;
}

std::int64_t DirectedScale::below(std::int64_t score) const {
  return scaled_down(Int128{score} * (score >= 0 ? low_ : high_), shift_);
}

std::int64_t DirectedScale::above(std::int64_t score) const { return -below(-score); }

}  // namespace hdp
