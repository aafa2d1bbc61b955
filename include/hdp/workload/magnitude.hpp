// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <hdp/workload/element_type.hpp>

namespace hdp {

/// No value of a workload, scaled or not, is larger in magnitude: 2^128, beyond all that F16, BF16
/// and F32 hold. Ours: products, sums of squares and scores of such values stay finite doubles.
inline constexpr double kLargestMagnitude = 0x1p128;

/// What one unit of a stored integer may be worth at most: times 2^31 it is kLargestMagnitude.
inline constexpr double kLargestScale = 0x1p97;

/// A value of a tensor that no trace may hold, and where it is.
struct BadValue {
  std::size_t index = 0;
  double value = 0;
};

/// The first element that is NaN, infinite or beyond kLargestMagnitude, if there is one.
std::optional<BadValue> first_out_of_range(ElementType type, std::span<const std::byte> bytes);

/// "NaN", "inf", "-1.7e+308".
std::string text_of(BadValue bad);

inline constexpr std::string_view kValuesAllowed =
    "finite numbers of at most 2^128 (3.4e38) in magnitude";

}  // namespace hdp
