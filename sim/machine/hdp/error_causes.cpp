// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "machine/hdp/planned_layer.hpp"

namespace hdp {

void add_causes(const HdpRules& rules, const Trace& trace, const HdpFormats& formats,
                std::int64_t layer, const PlayOptions& options, PlannedLayer& planned) {
  std::vector<ErrorCause> causes;
  const auto plan = [&](std::string name, const HdpRules& step) {
    PlannedLayer alone;
    plan_layer(step, trace, formats, layer, {.fidelity = true, .threads = options.threads}, alone);
    causes.push_back({std::move(name), alone.fidelity.error});
  };
  HdpRules step = rules;
  step.cascade.token = step.cascade.head = keep_all();
  if (rules.cascades() && rules.estimates()) plan("probability", step);
  step.prune.probability.turn(false);
  if (rules.cascades() || rules.estimates()) plan("pruning", step);
  step.prune.rule = PruneRule::Threshold;
  step.prune.rho = kNoBlock;
  step.prune.tau = kNoHead;
  if (rules.pruning && rules.prune.approximation) plan("approximation", step);
  if (rules.pruning) plan("quantisation", dense_rules(rules));
  std::ranges::reverse(causes);
  const char* const last = rules.cascades()    ? "cascade"
                           : rules.estimates() ? "probability"
                           : rules.pruning     ? "pruning"
                                               : "quantisation";
  causes.push_back({last, planned.fidelity.error});
  planned.fidelity.causes = std::move(causes);
}

}  // namespace hdp
