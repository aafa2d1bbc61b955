// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace hdp {

/// The scale at which the largest |value| takes the largest code of `bits` bits; 1 where all
/// values are 0, or so small that the scale were no normal double (their codes are 0 then).
double scale_of(std::span<const double> values, std::int64_t bits);

/// code = clamp(rne(x / scale), +-(2^(bits-1) - 1)). Returns how many saturated. Same lengths.
std::int64_t quantise_scaled(std::span<const double> values, double scale, std::int64_t bits,
                             std::span<std::int32_t> codes);

}  // namespace hdp
