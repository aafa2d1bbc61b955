// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/machine/spatten_config.hpp>

namespace hdp {

struct AblationStep {
  std::string label;
  SpattenConfig config;
};

/// The machine without pruning, then with one more of its features in every step: cascade token
/// pruning, cascade head pruning, local value pruning, progressive quantisation; then all of them
/// with 1, 2, 4, 8, 16, 32 values a cycle in the top-k engine. Local value pruning and progressive
/// quantisation act in a prefill too, whatever the machine says, so that the steps show.
std::vector<AblationStep> ablation_steps(const SpattenConfig& config);

}  // namespace hdp
