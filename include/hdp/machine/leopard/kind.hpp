// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include <hdp/machine/kind.hpp>
#include <hdp/machine/leopard/config.hpp>

namespace hdp {

/// LeOPArd: learned thresholds, bit-serial early termination (docs/leopard.md).
const MachineKind& leopard_kind();
/// A machine with these settings. UserError where they contradict each other.
std::unique_ptr<Machine> make_machine(LeopardConfig config);
/// The settings with as near to `amount` of a resource as there can be.
LeopardConfig scaled(LeopardConfig config, Resource resource, double amount);
/// The settings, relieved; nothing where there is no more to be had.
std::optional<LeopardConfig> relieved(LeopardConfig config, Relief relief);
/// What decides how much is pruned.
Knobs knobs_of(const LeopardConfig& config);

}  // namespace hdp
