// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

namespace hdp {

/// The value of an IEEE 754 binary16 code: exact for subnormals, infinities and NaNs too. Without a
/// branch and without the host's conversion instructions, so that loops over it vectorise.
inline double widen_f16(std::uint16_t code) {
  // By way of float, which holds every value as a normal number: twice the lanes of double.
  constexpr std::uint32_t kExponentGap = 127 - 15;
  const std::uint32_t magnitude = code & 0x7fffU;
  // All ones where it holds, else zero.
  const std::uint32_t subnormal = 0 - ((magnitude - 0x400U) >> 31U);
  const std::uint32_t special = 0 - ((magnitude + 0x400U) >> 15U);
  const std::uint32_t exponent = kExponentGap + (special & kExponentGap) + (subnormal & 1U);
  const auto raised = std::bit_cast<float>((magnitude << 13U) + (exponent << 23U));
  const auto surplus = std::bit_cast<float>(subnormal & ((kExponentGap + 1) << 23U));
  const std::uint32_t sign = (code & 0x8000U) << 16U;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(raised - surplus) | sign);
}

/// The binary16 code nearest to `value`, ties to even; too large gives infinity, NaN a quiet NaN.
inline std::uint16_t narrow_f16(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 48U) & 0x8000U);
  const std::uint64_t magnitude = bits & ~(std::uint64_t{1} << 63U);
  const auto absolute = std::bit_cast<double>(magnitude);
  std::uint64_t code = 0;
  if (magnitude > 0x7ff0000000000000U) {
    code = 0x7e00U;
  } else if (absolute >= 65520.0) {  // halfway between the largest finite value and the next
    code = 0x7c00U;
  } else if (absolute >= 0x1p-14) {
    const std::uint64_t rebased = magnitude - (std::uint64_t{1023 - 15} << 52U);
    code = (rebased + ((std::uint64_t{1} << 41U) - 1) + ((rebased >> 42U) & 1U)) >> 42U;
  } else {  // next to 2^28 the spacing of doubles is 2^-24, that of subnormal codes
    code = std::bit_cast<std::uint64_t>(absolute + 0x1p28) - std::bit_cast<std::uint64_t>(0x1p28);
  }
  return static_cast<std::uint16_t>(sign | code);
}

}  // namespace hdp
