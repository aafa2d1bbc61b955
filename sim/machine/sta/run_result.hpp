// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/machine/result.hpp>
#include <hdp/machine/sta/run.hpp>

namespace hdp {

/// A run as every report and study sees it, but for machine and workload.
RunResult run_result(const StaResult& run);
Resources resources_of(const StaConfig& config);

}  // namespace hdp
