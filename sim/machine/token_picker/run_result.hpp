// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/machine/result.hpp>
#include <hdp/machine/token_picker/run.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// What the machine has.
Resources resources_of(const TokenPickerConfig& config);

/// A run as reports and studies see it; machine and workload are the caller's to add.
RunResult run_result(const TokenPickerResult& run, Stage stage);

}  // namespace hdp
