// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/machine/leopard/run.hpp>
#include <hdp/machine/result.hpp>

namespace hdp {

/// What the machine has.
Resources resources_of(const LeopardConfig& config);

/// A run as reports and studies see it; machine and workload are the caller's to add.
RunResult run_result(const LeopardResult& run);

}  // namespace hdp
