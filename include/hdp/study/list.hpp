// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/config/catalog.hpp>
#include <hdp/machine/kind.hpp>

namespace hdp {

/// A configuration that is known by name.
struct ListLine {
  std::string name, text;
};

/// What list() knows: folders of the catalog.
std::vector<std::string> list_names();

/// The configurations of a folder, a line each, by name; of a file that cannot be read the line
/// says why. UserError for a folder that is not known.
std::vector<ListLine> list(const Catalog& catalog, const std::string& folder,
                           Kinds kinds = machine_kinds());

/// All units of all kinds.
std::vector<const UnitKind*> units_of(Kinds kinds = machine_kinds());

}  // namespace hdp
