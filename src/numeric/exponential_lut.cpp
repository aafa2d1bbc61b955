// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include <hdp/base/int128.hpp>
#include <hdp/numeric/exponential_lut.hpp>

namespace hdp {

ExponentialLut::Tables::Tables() {
  for (std::size_t i = 0; i < powers.size(); ++i) {
    const double part = static_cast<double>(i) / kOne;
    powers[i] = static_cast<std::int64_t>(std::floor(std::exp2(part) * (1 << kValueBits)));
    logarithms[i] = static_cast<std::int64_t>(std::floor(kOne * std::log2(1.0 + part)));
  }
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
  shift_ = std::min<std::int64_t>(63, kMantissaBits - exponent - ExponentialLut::kIndexBits);
}

/// product / 2^shift where the shift is not positive, cut off at +-kFar.
std::int64_t DirectedScale::scaled_up(std::int64_t product) const {
  if (shift_ <= -61 && product != 0) return product < 0 ? -kFar : kFar;
  const Int128 scaled = Int128{product} * (Int128{1} << std::min<std::int64_t>(-shift_, 61));
  return static_cast<std::int64_t>(std::clamp(scaled, Int128{-kFar}, Int128{kFar}));
}

}  // namespace hdp
