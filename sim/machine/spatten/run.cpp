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

std::vector<SpattenCause> causes_before_pruning(const SpattenConfig& config, const Trace& trace,
                                                unsigned threads) {
  SpattenConfig step = config;
  step.prune = config.prune.in(trace.stage());
  const bool progressive = step.prune.progressive;
  step.prune.token = step.prune.head = keep_all();
  step.prune.value_keep = 1;
  step.prune.progressive = false;
  if (progressive) step.prune.key_bits = step.prune.msb_bits + step.prune.lsb_bits;
  std::vector<SpattenCause> causes;
  const auto add = [&](std::string name) {
    SpattenCause& cause = causes.emplace_back(SpattenCause{std::move(name), {}});
    for (const auto& layer : plan_spatten(step, trace, threads).decisions.layers)
      cause.layers.push_back(fidelity_of(layer));
  };
  add("quantisation");
  step.prune.progressive = progressive;
  if (progressive) add("progressive");
  return causes;
}

void add_causes(const std::vector<SpattenCause>& causes, SpattenResult& result) {
  if (causes.empty()) return;
  result.fidelity = {};
  for (std::size_t l = 0; l < result.layers.size(); ++l) {
    Fidelity& layer = result.layers[l];
    for (const SpattenCause& cause : causes)
      layer.causes.push_back({cause.name, cause.layers[l].error});
    layer.causes.push_back({"pruning", layer.error});
    result.fidelity.add(layer);
  }
}

SpattenResult run_spatten(const SpattenConfig& config, const Trace& trace,
                          const PlayOptions& options) {
  SpattenPlan plan = plan_spatten(config, trace, options.threads);
  SpattenResult result = play_spatten(config, plan.passes, options);
  add_decisions(std::move(plan.decisions), options.compares(), result);
  if (options.splits_error())
    add_causes(causes_before_pruning(config, trace, options.threads), result);
  return result;
}

}  // namespace hdp
