// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <hdp/machine/run.hpp>
#include <hdp/prune/hdp_plan.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp {

/// The decisions of one layer: by problem, by head.
struct PlannedLayer {
  std::vector<Problem> problems;
  std::vector<std::vector<HdpPlan>> plans;  ///< Empty lists where nothing is pruned.
  HdpCounts counts;
  Fidelity fidelity;
};

/// Decides on a layer, heads spread over `options.threads` threads.
void plan_layer(const HdpConfig& config, const Trace& trace, const HdpFormats& formats,
                std::int64_t layer, const RunOptions& options, PlannedLayer& planned);

}  // namespace hdp
