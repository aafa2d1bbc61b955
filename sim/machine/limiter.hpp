// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include <hdp/machine/result.hpp>

namespace hdp {

/// What bounds a run, seen from its arrays: their own work, or the unit that they were blocked on
/// most, as a share of all their cycles. `decides` is the kind of unit behind "decision"; behind
/// "output" is the busiest of the other `units` that compute.
Limiter limiter_of(std::span<const UnitReport> arrays, std::span<const UnitReport> units,
                   std::string_view decides);

}  // namespace hdp
