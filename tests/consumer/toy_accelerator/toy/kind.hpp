// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "toy/config.hpp"
#include <hdp/machine/kind.hpp>

namespace toy {

/// Keeps the first keys of every query; plays traces and rows.
const hdp::MachineKind& toy_kind();
/// A machine with these settings. UserError where they contradict each other.
std::unique_ptr<hdp::Machine> make_machine(ToyConfig config);
/// The settings with as near to `amount` of a resource as there can be.
ToyConfig scaled(ToyConfig config, hdp::Resource resource, double amount);
/// What decides how much is pruned.
hdp::Knobs knobs_of(const ToyConfig& config);

}  // namespace toy
