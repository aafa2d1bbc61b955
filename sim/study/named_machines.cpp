// SPDX-License-Identifier: Apache-2.0
#include "study/named_machines.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/check.hpp>
#include <hdp/base/error.hpp>

namespace hdp {
namespace {

std::string_view path_of(std::string_view change) { return change.substr(0, change.find('=')); }

/// Says what is wrong with a change that no machine takes: as the one does that knows a near name.
[[noreturn]] void refuse_change(const Catalog& catalog, const std::string& change,
                                const std::vector<NamedMachine>& machines) {
  std::optional<UserError> said;
  for (const NamedMachine& machine : machines) {
    try {
      (void)machine.kind->read(catalog, machine.file, {change});
    } catch (const UserError& mistake) {
      if (!said || (said->mistake().nearest.empty() && !mistake.mistake().nearest.empty()))
        said = mistake;
    }
  }
  HDP_CHECK(said.has_value(), "no kind has the setting");
  throw UserError(*said);
}

}  // namespace

std::vector<NamedMachine> read_named(const Catalog& catalog, const std::vector<std::string>& names,
                                     Kinds kinds) {
  std::vector<NamedMachine> named;
  for (const std::string& name : names) {
    MachineFile file = read_machine_file(catalog, name);
    const MachineKind& kind = kind_of(file, kinds);
    named.push_back({name, std::move(file), &kind, {}});
  }
  return named;
}

void hand_out(const Catalog& catalog, const std::string& change,
              std::vector<NamedMachine>& machines) {
  const std::string_view path = path_of(change);
  if (const std::size_t colon = path.rfind(':'); colon != std::string_view::npos) {
    const std::string name(path.substr(0, colon));
    bool found = false;
    for (NamedMachine& machine : machines) {
      if (machine.name != name && machine.file.name() != name) continue;
      machine.changes.push_back(change.substr(colon + 1));
      found = true;
    }
    if (found) return;
    std::vector<std::string_view> names;
    for (const NamedMachine& machine : machines) names.push_back(machine.name);
    refuse(change, fmt::format("{} is none of the machines", name),
           fmt::format("{}", fmt::join(names, ", ")), nearest_name(name, names));
  }
  const bool malformed = path.size() == change.size() || path.empty();
  bool found = false;
  for (NamedMachine& machine : machines) {
    if (!malformed && !machine.kind->has_setting(path)) continue;
    machine.changes.push_back(change);
    found = true;
  }
  if (!found) refuse_change(catalog, change, machines);
}

}  // namespace hdp
