// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/machine/spatten/config.hpp>
#include <hdp/workload/spatten_workload.hpp>

namespace hdp {

struct SpattenStep {
  std::string label;
  SpattenConfig config;
  std::string remark{};
};

/// On a trace: the machine without pruning, then with one more of its features in every step:
/// cascade token pruning, cascade head pruning, local value pruning, progressive quantisation; then
/// all of them with 1, 2, 4, 8, 16, 32 values a cycle in the top-k engine. Local value pruning and
/// progressive quantisation act in a prefill too, whatever the machine says, so that the steps
/// show. A feature that the machine leaves off takes the value of the struct, which the remark
/// says.
std::vector<SpattenStep> ablation_steps(const SpattenConfig& config, Stage stage);

struct SpattenRowsStep {
  std::string label;
  SpattenConfig config;
  SpattenWorkload rows;
};

/// On rows, which bring their decisions: the same steps, undone in the rows.
std::vector<SpattenRowsStep> ablation_steps(const SpattenConfig& config,
                                            const SpattenWorkload& rows);

}  // namespace hdp
