// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include <hdp/machine/kind.hpp>
#include <hdp/machine/token_picker/config.hpp>

namespace hdp {

/// Token-Picker: probability estimation before softmax (docs/token_picker.md).
const MachineKind& token_picker_kind();
/// A machine with these settings. UserError where they contradict each other.
std::unique_ptr<Machine> make_machine(TokenPickerConfig config);
/// The settings with as near to `amount` of a resource as there can be.
TokenPickerConfig scaled(TokenPickerConfig config, Resource resource, double amount);
/// The settings, relieved; nothing where there is no more to be had.
std::optional<TokenPickerConfig> relieved(TokenPickerConfig config, Relief relief);
/// What decides how much is pruned.
Knobs knobs_of(const TokenPickerConfig& config);

}  // namespace hdp
