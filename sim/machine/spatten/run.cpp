// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <hdp/machine/spatten/run.hpp>

namespace hdp {
namespace {

/// Over the heads that computed a row.
Fidelity fidelity_of(const SpattenLayerDecisions& layer) {
  Fidelity fidelity;
  for (const SpattenHeadDecisions& head : layer.heads)
    if (head.rows > 0) fidelity.add({head.error, head.mass / static_cast<double>(head.rows), 1});
  return fidelity;
}

}  // namespace

void add_decisions(SpattenDecisions decisions, bool fidelity, SpattenResult& result) {
  for (const SpattenLayerDecisions& layer : decisions.layers) {
    if (!fidelity) break;
    result.layers.push_back(fidelity_of(layer));
    result.fidelity.add(result.layers.back());
  }
  result.decisions = std::move(decisions);
}

SpattenResult run_spatten(const SpattenConfig& config, const Trace& trace,
                          const PlayOptions& options) {
  SpattenPlan plan = plan_spatten(config, trace, options.threads);
  SpattenResult result = play_spatten(config, plan.passes, options);
  add_decisions(std::move(plan.decisions), options.compares(), result);
  return result;
}

}  // namespace hdp
