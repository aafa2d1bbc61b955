// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include <hdp/machine/kind.hpp>
#include <hdp/machine/spatten/config.hpp>

namespace hdp {

/// SpAtten's published datapath (docs/spatten_machine.md).
const MachineKind& spatten_kind();
/// A machine with these settings. UserError where they contradict each other.
std::unique_ptr<Machine> make_machine(SpattenConfig config);
/// The settings with as near to `amount` of a resource as there can be.
SpattenConfig scaled(SpattenConfig config, Resource resource, double amount);
/// The settings, relieved; nothing where there is no more to be had.
std::optional<SpattenConfig> relieved(SpattenConfig config, Relief relief);
/// What decides how much is pruned.
Knobs knobs_of(const SpattenConfig& config);

}  // namespace hdp
