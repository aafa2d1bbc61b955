// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include <hdp/config/field.hpp>

namespace hdp {

/// How a code falls into an integer and a fraction plane: q = I * 2^f + F.
enum class SplitMode { Trunc, Floor, Nearest };

template <>
struct EnumNames<SplitMode> {
  static constexpr std::array<std::string_view, 3> kNames{"trunc", "floor", "nearest"};
};

/// Integer plane of `codes`; f = 0 gives I = q in every mode.
void integer_plane(SplitMode mode, std::int64_t fraction_bits, std::span<const std::int32_t> codes,
                   std::span<std::int32_t> integer);

/// Fraction plane F = q - I * 2^f.
void fraction_plane(std::int64_t fraction_bits, std::span<const std::int32_t> codes,
                    std::span<const std::int32_t> integer, std::span<std::int32_t> fraction);

}  // namespace hdp
