// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/config/catalog.hpp>
#include <hdp/machine/kind.hpp>

namespace hdp {

/// A machine as the user named it, with the changes that are for it; not built yet.
struct NamedMachine {
  std::string name;
  MachineFile file;
  const MachineKind* kind;
  std::vector<std::string> changes;
};

std::vector<NamedMachine> read_named(const Catalog& catalog, const std::vector<std::string>& names,
                                     Kinds kinds);

/// Gives a change (`path=value`, `NAME:path=value`) to the machines that it is for; UserError where
/// it is for none.
void hand_out(const Catalog& catalog, const std::string& change,
              std::vector<NamedMachine>& machines);

}  // namespace hdp
