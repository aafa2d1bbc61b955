// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <hdp/config/catalog.hpp>
#include <hdp/machine/kind.hpp>

namespace hdp::fuzz {

/// The configurations of the source tree.
const Catalog& catalog();

/// The machine of a file with this text. The one that it extends must be shipped; it has been read
/// before, so that an input costs no file. UserError as resolve_machine.
std::unique_ptr<Machine> machine_of(std::string_view text);

/// The kind that a text names, or that of its base; the first where it names none.
const MachineKind& kind_in(std::string_view text);

}  // namespace hdp::fuzz
