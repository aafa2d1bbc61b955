// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/config/catalog.hpp>
#include <hdp/machine/kind.hpp>
#include <hdp/study/compare.hpp>

namespace hdp {

/// Machines by names or files. A change `path=value` acts on those whose kind has the setting, and
/// is a UserError where none has it; `NAME:path=value` is for one of `names`.
Machines resolve_machines(const Catalog& catalog, const std::vector<std::string>& names,
                          const std::vector<std::string>& changes, Kinds kinds = machine_kinds());

}  // namespace hdp
