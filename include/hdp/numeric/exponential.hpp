// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

namespace hdp {

/// e^x for -708 <= x <= 0, within 2 ulp, and e^-708 (3e-308) below. Additions, products and bit
/// operations only: the same bits with every compiler, C library and vector width, and it
/// vectorises.
inline double exponential(double x) {
  constexpr double kLog2E = 1.4426950408889634074;
  constexpr double kLn2High = 6.93147180369123816490e-01;  // low 32 bits zero: n * high is exact
  constexpr double kLn2Low = 1.90821492927058770002e-10;
  constexpr double kRound = 6755399441055744.0;  // 1.5 * 2^52: the sum's low bits hold rne(x)
  const double cut = x < -708.0 ? -708.0 : x;
  const double shifted = cut * kLog2E + kRound;
  const double n = shifted - kRound;
  const double r = (cut - n * kLn2High) - n * kLn2Low;
  // Taylor, |r| <= 0.347: the first term left out is below 4e-18.
  double sum = 1.0 / 6227020800.0;
  sum = sum * r + 1.0 / 479001600.0;
  sum = sum * r + 1.0 / 39916800.0;
  sum = sum * r + 1.0 / 3628800.0;
  sum = sum * r + 1.0 / 362880.0;
  sum = sum * r + 1.0 / 40320.0;
  sum = sum * r + 1.0 / 5040.0;
  sum = sum * r + 1.0 / 720.0;
  sum = sum * r + 1.0 / 120.0;
  sum = sum * r + 1.0 / 24.0;
  sum = sum * r + 1.0 / 6.0;
  sum = sum * r + 0.5;
  sum = sum * r + 1.0;
  sum = sum * r + 1.0;
  const std::uint64_t exponent = std::bit_cast<std::uint64_t>(shifted) << 52U;
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(sum) + exponent);
}

}  // namespace hdp
