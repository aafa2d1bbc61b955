// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <hdp/base/facts.hpp>
#include <hdp/machine/hdp/run.hpp>
#include <hdp/machine/result.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// What the machine has.
Resources resources_of(const HdpConfig& config);

/// The counts of a layer or a total: heads, blocks, sparsities, saturated values.
Facts facts_of(const HdpCounts& counts);
Facts facts_of(const HdpFormats& formats);

/// A run as reports and studies see it; machine and workload are the caller's to add.
RunResult run_result(const HdpResult& run);

/// What the cascade leaves for the layers around the attention.
std::vector<AliveLayer> alive_of(const HdpResult& run, Stage stage);

}  // namespace hdp
