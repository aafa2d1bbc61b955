// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/config/assign.hpp>
#include <hdp/config/read.hpp>
#include <hdp/machine/resolve.hpp>

namespace hdp {
namespace {

constexpr std::array<std::string_view, 3> kKinds{
    name_of(MachineKind::Hdp), name_of(SpattenKind::Spatten), name_of(SpattenRtlKind::SpattenRtl)};

/// A machine with a memory and an energy table of its own: what it names is read first, its own
/// words go before theirs.
template <class Config>
Config resolve(const Catalog& catalog, const std::string& name_or_path,
               const std::vector<std::string>& changes) {
  const std::filesystem::path path = catalog.find("machines", name_or_path);
  const std::string text = read_text(path);
  const auto read_over = [&](Config& config) {
    read_settings(config, text, path.string());
    for (const std::string& change : changes) set_value(config, change);
  };
  Config config;
  config.name = path.stem().string();
  read_over(config);
  const bool names_table = config.energy_table != kInlineTable;
  const bool names_memory = !config.memory.ideal() && config.memory.model != kInlineDram;
  if (names_table) {
    const std::filesystem::path table = catalog.find("energy", config.energy_table);
    read_settings(config.energy, read_text(table), table.string());
  }
  if (names_memory) config.memory.dram = read_memory(catalog, config.memory.model);
  if (names_table || names_memory) read_over(config);
  if (names_table) config.energy_table = kInlineTable;
  if (names_memory) config.memory.model = kInlineDram;
  validate(config);
  return config;
}

}  // namespace

DramConfig read_memory(const Catalog& catalog, const std::string& name_or_path) {
  const std::filesystem::path path = catalog.find("memories", name_or_path);
  DramConfig config;
  config.name = path.stem().string();
  read_settings(config, read_text(path), path.string());
  return config;
}

std::string machine_kind(const Catalog& catalog, const std::string& name_or_path) {
  const std::filesystem::path path = catalog.find("machines", name_or_path);
  std::string kind =
      peek_text(read_text(path), "kind", path.string()).value_or(std::string(kKinds.front()));
  if (std::ranges::find(kKinds, kind) == kKinds.end())
    throw UserError({.path = path.string() + ": /kind",
                     .problem = fmt::format("\"{}\" is no kind of machine", kind),
                     .allowed = fmt::format("{}", fmt::join(kKinds, ", ")),
                     .nearest = nearest_name(kind, kKinds)});
  return kind;
}

SpattenRtlConfig resolve_spatten_rtl(const Catalog& catalog, const std::string& name_or_path,
                                     const std::vector<std::string>& changes) {
  const std::filesystem::path path = catalog.find("machines", name_or_path);
  SpattenRtlConfig config;
  config.name = path.stem().string();
  read_settings(config, read_text(path), path.string());
  for (const std::string& change : changes) set_value(config, change);
  validate(config);
  return config;
}

HdpConfig resolve_machine(const Catalog& catalog, const std::string& name_or_path,
                          const std::vector<std::string>& changes) {
  return resolve<HdpConfig>(catalog, name_or_path, changes);
}

SpattenConfig resolve_spatten(const Catalog& catalog, const std::string& name_or_path,
                              const std::vector<std::string>& changes) {
  return resolve<SpattenConfig>(catalog, name_or_path, changes);
}

}  // namespace hdp
