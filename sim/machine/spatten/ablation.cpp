// SPDX-License-Identifier: Apache-2.0
#include "machine/spatten/ablation.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace hdp {
namespace {

constexpr std::array<std::int64_t, 6> kParallelism{1, 2, 4, 8, 16, 32};

std::string top_k_label(std::int64_t parallelism) { return fmt::format("top-k x{}", parallelism); }

}  // namespace

std::vector<SpattenStep> ablation_steps(const SpattenConfig& config, Stage stage) {
  const SpattenPruning given = config.prune, ours;
  SpattenConfig step = without_pruning(config);
  step.prune.prefill_value_pruning = step.prune.prefill_progressive = true;
  std::vector<SpattenStep> steps{{"dense", step}};
  const auto add = [&](std::string label, bool is_on, std::string remark) {
    steps.push_back({std::move(label), step, is_on ? std::string() : std::move(remark)});
  };
  const bool prefill = stage == Stage::Prefill;
  step.prune.token = given.token.prunes() ? given.token : ours.token;
  add("+ token", given.token.prunes(), "prune.token.keep=linear");
  step.prune.head = given.head.prunes() ? given.head : ours.head;
  add("+ head", given.head.prunes(), "prune.head.keep=linear");
  step.prune.value_keep = given.value_keep < 1 ? given.value_keep : ours.value_keep;
  if (given.value_keep < 1)
    add("+ local value", !prefill || given.prefill_value_pruning,
        "prune.prefill_value_pruning=true");
  else
    add("+ local value", false, fmt::format("prune.value_keep={}", ours.value_keep));
  step.prune.progressive = true;
  step.prune.key_bits = given.key_bits;
  step.prune.value_bits = given.value_bits;
  if (given.progressive)
    add("+ quantisation", !prefill || given.prefill_progressive, "prune.prefill_progressive=true");
  else
    add("+ quantisation", false, "prune.progressive=true");
  for (const std::int64_t parallelism : kParallelism) {
    step.top_k.parallelism = parallelism;
    add(top_k_label(parallelism), true, {});
  }
  return steps;
}

std::vector<SpattenRowsStep> ablation_steps(const SpattenConfig& config,
                                            const SpattenWorkload& rows) {
  std::vector<SpattenRowsStep> steps;
  for (const RowStep& step : kRowSteps)
    steps.push_back({std::string(step.label), config,
                     with_rows(rows, with_features(rows.rows, step.features))});
  SpattenConfig step = config;
  for (const std::int64_t parallelism : kParallelism) {
    step.top_k.parallelism = parallelism;
    steps.push_back({top_k_label(parallelism), step, rows});
  }
  return steps;
}

}  // namespace hdp
