// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/ablation.hpp"

#include <utility>

#include <fmt/format.h>

namespace hdp {
namespace {

// Ours, for features that a machine leaves off.
constexpr double kTau = 2;

PruneRule other_rule(PruneRule rule) {
  return rule == PruneRule::TopK ? PruneRule::Threshold : PruneRule::TopK;
}

}  // namespace

std::vector<HdpStep> ablation_steps(const HdpConfig& config) {
  std::vector<HdpStep> steps{{"dense", without_pruning(config)}};
  HdpConfig step = config;
  step.pruning = true;
  step.prune.rule = PruneRule::Threshold;
  step.prune.rho = kNoBlock;
  step.prune.tau = kNoHead;
  step.prune.approximation = false;
  step.prune.probability.turn(false);
  step.cascade.token = step.cascade.head = keep_all();
  const auto add = [&](std::string label, std::string remark = {}) {
    steps.push_back({std::move(label), step, std::move(remark)});
  };
  add("+ integer planes");
  step.prune.rho = config.prune.rho;
  step.prune.rule = other_rule(config.prune.rule);
  add(fmt::format("+ blocks, {}", name_of(step.prune.rule)),
      step.prune.rule == PruneRule::TopK
          ? fmt::format("prune.rule=top_k prune.keep={}", config.prune.keep)
          : fmt::format("prune.rule=threshold prune.rho={}", config.prune.rho));
  step.prune.rule = config.prune.rule;
  add("+ blocks");
  const bool prunes_heads = config.prune.tau >= 0;
  step.prune.tau = prunes_heads ? config.prune.tau : kTau;
  add("+ heads", prunes_heads ? "" : fmt::format("prune.tau={}", kTau));
  step.prune.approximation = true;
  add("+ approximation", config.prune.approximation ? "" : "prune.approximation=true");
  if (config.cascade.prunes()) {
    step.cascade = config.cascade;
    add("+ cascade");
  } else {
    step.cascade.token = step.cascade.head = CascadeStage{};
    add("+ cascade", "cascade.token.keep=linear cascade.head.keep=linear");
  }
  step.prune.probability = config.prune.probability;
  if (config.prune.probability) {
    add("+ probability");
    return steps;
  }
  if (config.prune.split != SplitMode::Floor) {
    step.prune.split = SplitMode::Floor;
    add("+ split floor", "prune.split=floor");
  }
  step.prune.probability.turn(true);
  step.prune.masked = Masked::Exclude;
  step.core.fetch.planes = Planes::Stored;
  step.core.fetch.reuse = true;
  add("+ probability", "prune.probability={}");
  return steps;
}

}  // namespace hdp
