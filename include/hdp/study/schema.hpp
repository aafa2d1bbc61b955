// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/machine/kind.hpp>

namespace hdp {

/// What schema() knows: "machine" (every kind in one), the kinds, and the other files.
std::vector<std::string> schema_names(Kinds kinds = machine_kinds());

/// The JSON Schema of that name. UserError for a name that is not known.
std::string schema(const std::string& name, Kinds kinds = machine_kinds());

}  // namespace hdp
