// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <hdp/config/field.hpp>

namespace hdp {

/// What a PE array computes: HDP's integer pass, the fraction products of kept blocks, the exact
/// product of dense attention, and P.V.
enum class Phase : std::uint8_t { Integer, Fraction, Score, Value, Count };
inline constexpr std::size_t kPhases = static_cast<std::size_t>(Phase::Count);
template <>
struct EnumNames<Phase> {
  static constexpr std::array<std::string_view, kPhases> kNames{"integer", "fraction", "score",
                                                                "value"};
};

/// Which strip of rows of which head context a message is about.
struct StripId {
  std::uint32_t context = 0;
  std::uint32_t strip = 0;
  friend bool operator==(const StripId&, const StripId&) = default;
};

}  // namespace hdp
