// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include <hdp/machine/kind.hpp>
#include <hdp/machine/spatten_rtl/config.hpp>

namespace hdp {

/// The RTL of SpAtten's authors, rule for rule (docs/spatten_rtl.md).
const MachineKind& spatten_rtl_kind();
/// A machine with these settings. UserError where they contradict each other.
std::unique_ptr<Machine> make_machine(SpattenRtlConfig config);
/// The settings with as near to `amount` of a resource as there can be.
SpattenRtlConfig scaled(SpattenRtlConfig config, Resource resource, double amount);
/// The settings, relieved; nothing where there is no more to be had.
std::optional<SpattenRtlConfig> relieved(SpattenRtlConfig config, Relief relief);

}  // namespace hdp
