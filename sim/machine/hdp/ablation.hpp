// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/machine/hdp/config.hpp>

namespace hdp {

struct HdpStep {
  std::string label;
  HdpConfig config;
  std::string remark{};
};

/// Dense attention, then one more feature a step: integer planes (integer pass first, nothing
/// pruned, exact products), blocks (by the rule that is off, then by the machine's), heads, the
/// approximation, the cascade. A feature that the machine leaves off takes a value of ours, which
/// the remark says.
std::vector<HdpStep> ablation_steps(const HdpConfig& config);

}  // namespace hdp
