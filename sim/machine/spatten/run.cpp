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

/// By layer, all sequences together.
std::vector<Fidelity> layers_of(std::span<const SpattenDecisions> sequences) {
  std::vector<Fidelity> layers(sequences.front().layers.size());
  for (const SpattenDecisions& decisions : sequences)
    for (std::size_t l = 0; l < layers.size(); ++l) layers[l].add(fidelity_of(decisions.layers[l]));
  return layers;
}

}  // namespace

void add_decisions(const SpattenPlan& plan, bool fidelity, SpattenResult& result) {
  if (fidelity) result.layers = layers_of(plan.decisions);
  for (const Fidelity& layer : result.layers) result.fidelity.add(layer);
  result.decisions = plan.decisions;
  result.slice_heads = plan.slice_heads;
  result.unshared_bytes = plan.unshared_bytes;
}

std::vector<SpattenCause> causes_before_pruning(const SpattenConfig& config,
                                                std::span<const Trace> sequences,
                                                unsigned threads) {
  SpattenConfig step = config;
  step.prune = config.prune.in(sequences.front().stage());
  const bool progressive = step.prune.progressive;
  step.prune.token = step.prune.head = keep_all();
  step.prune.value_keep = 1;
  step.prune.progressive = false;
  if (progressive) step.prune.key_bits = step.prune.msb_bits + step.prune.lsb_bits;
  std::vector<SpattenCause> causes;
  const auto add = [&](std::string name) {
    causes.push_back(
        {std::move(name), layers_of(plan_spatten(step, sequences, threads).decisions)});
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
  return run_spatten(config, std::span(&trace, 1), options);
}

SpattenResult run_spatten(const SpattenConfig& config, std::span<const Trace> sequences,
                          const PlayOptions& options) {
  const auto plan = plan_spatten(config, sequences, options);
  SpattenResult result = play_spatten(config, plan->passes, options);
  add_decisions(*plan, options.compares(), result);
  if (options.splits_error())
    add_causes(causes_before_pruning(config, sequences, options.threads), result);
  return result;
}

}  // namespace hdp
