// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include <hdp/machine/result.hpp>

namespace hdp {

/// What bounds a run, seen from its arrays: their own work, or the unit that they were blocked on
/// most, as a share of all their cycles.
Limiter limiter_of(std::span<const UnitReport> arrays);

}  // namespace hdp
