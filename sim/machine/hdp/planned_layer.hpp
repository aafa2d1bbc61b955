// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <hdp/machine/hdp/run.hpp>
#include <hdp/prune/hdp_plan.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp {

/// Values that a stage ranks behind a problem, and how many of them it keeps.
struct RankedList {
  std::vector<std::int64_t> importance;
  std::int64_t kept = 0;
};

/// One problem of a layer, as the stages have left it.
struct PlannedProblem {
  Problem problem;                     ///< Of the queries and keys that are live:
  std::vector<std::int32_t> tokens{};  ///< these, ascending; empty where all are.
  std::vector<std::int32_t> heads;     ///< Live ones, ascending.
  std::vector<HdpPlan> plans;          ///< By place in `heads`; none where no stage prunes blocks.
  std::vector<RankedList> ranked;
};

/// The decisions of one layer, by problem.
struct PlannedLayer {
  std::vector<PlannedProblem> problems;
  HdpCounts counts;
  Fidelity fidelity;
  std::optional<CascadeLayer> cascade;
};

/// Decides on a layer whose tokens and heads are all live, heads spread over the threads: blocks
/// and heads where the configuration prunes, else nothing.
void plan_layer(const HdpRules& rules, const Trace& trace, const HdpFormats& formats,
                std::int64_t layer, const PlayOptions& options, PlannedLayer& planned);

/// Splits the error of a planned layer by its causes: quantisation, approximation, pruning of
/// blocks and heads, cascade, as far as the configuration has them.
void add_causes(const HdpRules& rules, const Trace& trace, const HdpFormats& formats,
                std::int64_t layer, const PlayOptions& options, PlannedLayer& planned);

/// Decides on all layers, which the cascade couples.
std::vector<PlannedLayer> plan_cascaded_layers(const HdpRules& rules, const Trace& trace,
                                               const HdpFormats& formats,
                                               const PlayOptions& options);

}  // namespace hdp
