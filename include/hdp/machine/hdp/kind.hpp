// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include <hdp/machine/hdp/config.hpp>
#include <hdp/machine/kind.hpp>

namespace hdp {

/// The HDP co-processor (docs/hdp.md); `pruning` off makes it a dense accelerator.
const MachineKind& hdp_kind();
/// A machine with these settings. UserError where they contradict each other.
std::unique_ptr<Machine> make_machine(HdpConfig config);
/// The settings with as near to `amount` of a resource as there can be.
HdpConfig scaled(HdpConfig config, Resource resource, double amount);
/// The settings, relieved; nothing where there is no more to be had.
std::optional<HdpConfig> relieved(HdpConfig config, Relief relief);
/// What decides how much is pruned.
Knobs knobs_of(const HdpConfig& config);

}  // namespace hdp
