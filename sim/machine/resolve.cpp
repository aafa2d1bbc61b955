// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/check.hpp>
#include <hdp/base/error.hpp>
#include <hdp/machine/kind.hpp>

namespace hdp {
namespace {

std::vector<std::string_view> names_of(Kinds kinds) {
  std::vector<std::string_view> names;
  for (const MachineKind* kind : kinds) names.push_back(kind->name());
  return names;
}

}  // namespace

std::unique_ptr<DecisionCase> MachineKind::decisions(const Facts& /*settings*/,
                                                     std::optional<bool> /*causal*/,
                                                     const std::string& /*where*/) const {
  HDP_CHECK(false, "a kind with a system decides");
  return nullptr;
}

const MachineKind& kind_of(const MachineFile& file, Kinds kinds) {
  const std::optional<std::string> said = file.kind();
  const std::vector<std::string_view> names = names_of(kinds);
  if (!said) return *kinds.front();
  const auto found = std::ranges::find(names, *said);
  if (found == names.end())
    throw UserError({.path = file.parts.back().path.string() + ": /kind",
                     .problem = fmt::format("\"{}\" is no kind of machine", *said),
                     .allowed = fmt::format("{}", fmt::join(names, ", ")),
                     .nearest = nearest_name(*said, names)});
  return *kinds[static_cast<std::size_t>(found - names.begin())];
}

std::unique_ptr<Machine> resolve_machine(const Catalog& catalog, const std::string& name_or_path,
                                         const std::vector<std::string>& changes, Kinds kinds) {
  const MachineFile file = read_machine_file(catalog, name_or_path);
  return kind_of(file, kinds).read(catalog, file, changes);
}

}  // namespace hdp
