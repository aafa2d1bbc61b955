// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "machine/hdp/planned_layer.hpp"

namespace hdp {

void add_causes(const HdpConfig& config, const Trace& trace, const HdpFormats& formats,
                std::int64_t layer, const PlayOptions& options, PlannedLayer& planned) {
  std::vector<ErrorCause> causes;
  const auto plan = [&](std::string name, const HdpConfig& step) {
    PlannedLayer alone;
    plan_layer(step, trace, formats, layer, {.fidelity = true, .threads = options.threads}, alone);
    causes.push_back({std::move(name), alone.fidelity.error});
  };
  HdpConfig step = config;
  step.cascade.token = step.cascade.head = keep_all();
  if (config.cascades() && config.estimates()) plan("probability", step);
  step.prune.probability.turn(false);
  if (config.cascades() || config.estimates()) plan("pruning", step);
  step.prune.rule = PruneRule::Threshold;
  step.prune.rho = kNoBlock;
  step.prune.tau = kNoHead;
  if (config.pruning && config.prune.approximation) plan("approximation", step);
  if (config.pruning) plan("quantisation", without_pruning(config));
  std::ranges::reverse(causes);
  const char* const last = config.cascades()    ? "cascade"
                           : config.estimates() ? "probability"
                           : config.pruning     ? "pruning"
                                                : "quantisation";
  causes.push_back({last, planned.fidelity.error});
  planned.fidelity.causes = std::move(causes);
}

}  // namespace hdp
