// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include <hdp/machine/result.hpp>
#include <hdp/machine/spatten_rtl/run.hpp>

namespace hdp {

/// Of the authors' bench: their figures are in cycles of 1 ns.
inline constexpr std::int64_t kRtlClockMhz = 1000;

Resources resources_of(const SpattenRtlConfig& config);
/// The arrays: the only units that the RTL's machine has an account of.
std::vector<const UnitKind*> rtl_units();

/// A run as reports and studies see it; machine and workload are the caller's to add.
RunResult run_result(const SpattenRtlResult& run, std::span<const SpattenRow> rows);

}  // namespace hdp
