// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include <hdp/machine/kind.hpp>
#include <hdp/machine/sta/config.hpp>

namespace hdp {

/// STA: N:M sparse weights, one engine for sparse and dense products (docs/sta.md).
const MachineKind& sta_kind();
/// A machine with these settings. UserError where they contradict each other.
std::unique_ptr<Machine> make_machine(StaConfig config);
/// The settings with as near to `amount` of a resource as there can be.
StaConfig scaled(StaConfig config, Resource resource, double amount);
/// The settings, relieved; nothing where there is no more to be had.
std::optional<StaConfig> relieved(StaConfig config, Relief relief);

}  // namespace hdp
