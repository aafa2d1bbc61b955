// SPDX-License-Identifier: Apache-2.0
#include "study/named_machines.hpp"
#include <hdp/study/resolve_machines.hpp>

namespace hdp {

Machines resolve_machines(const Catalog& catalog, const std::vector<std::string>& names,
                          const std::vector<std::string>& changes, Kinds kinds) {
  std::vector<NamedMachine> named = read_named(catalog, names, kinds);
  for (const std::string& change : changes) hand_out(catalog, change, named);
  Machines machines;
  for (const NamedMachine& machine : named)
    machines.push_back(machine.kind->read(catalog, machine.file, machine.changes));
  return machines;
}

}  // namespace hdp
