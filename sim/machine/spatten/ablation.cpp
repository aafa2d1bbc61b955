// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <hdp/machine/spatten_ablation.hpp>

namespace hdp {

std::vector<AblationStep> ablation_steps(const SpattenConfig& config) {
  SpattenConfig step = without_pruning(config);
  step.prune.prefill_value_pruning = step.prune.prefill_progressive = true;
  std::vector<AblationStep> steps{{"dense", step}};
  step.prune.token = config.prune.token;
  steps.push_back({"+ token", step});
  step.prune.head = config.prune.head;
  steps.push_back({"+ head", step});
  step.prune.value_keep = config.prune.value_keep;
  steps.push_back({"+ local value", step});
  step.prune.progressive = config.prune.progressive;
  step.prune.key_bits = config.prune.key_bits;
  step.prune.value_bits = config.prune.value_bits;
  steps.push_back({"+ quantisation", step});
  for (const std::int64_t parallelism : {1, 2, 4, 8, 16, 32}) {
    step.top_k.parallelism = parallelism;
    steps.push_back({fmt::format("top-k x{}", parallelism), step});
  }
  return steps;
}

}  // namespace hdp
