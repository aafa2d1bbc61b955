// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/base/file.hpp>
#include <hdp/base/log.hpp>
#include <hdp/config/assign.hpp>
#include <hdp/config/read.hpp>
#include <hdp/config/schema.hpp>
#include <hdp/config/walk.hpp>
#include <hdp/config/write.hpp>
#include <hdp/machine/energy_table.hpp>
#include <hdp/machine/machine_file.hpp>
#include <hdp/memory/memory.hpp>

namespace hdp {

/// The DRAM of a name or file, as it stands there.
DramConfig read_memory(const Catalog& catalog, const std::string& name_or_path);

namespace detail {

template <class Config>
concept NamesMemory = requires(Config config) { config.memory.dram; };
template <class Config>
concept NamesTable = requires(Config config) { config.energy_table; };

/// What the log says of a machine that was read; `text` is that of its settings.
std::string machine_line(const MachineFile& file, const std::vector<std::string>& changes,
                         const std::string& text);

/// The words of the file's parts, one over the other, then the changes.
template <Settings Config>
void read_over(const MachineFile& file, const std::vector<std::string>& changes, Config& config) {
  constexpr std::array kOurs{kBaseKey};
  for (const MachineFile::Part& part : file.parts) {
    config.name = file.name();
    read_settings(config, part.text, part.path.string(), {.at = "", .ignored = kOurs});
  }
  for (const std::string& change : changes) set_value(config, change);
}

}  // namespace detail

/// The settings of a machine, complete and valid. What they name, a memory and an energy table, is
/// read first; the machine's own words go before theirs.
template <Settings Config>
Config read_machine(const Catalog& catalog, const MachineFile& file,
                    const std::vector<std::string>& changes) {
  Config config;
  detail::read_over(file, changes, config);
  bool again = false;
  if constexpr (detail::NamesTable<Config>) {
    if (config.energy_table != kInlineTable) {
      const std::filesystem::path table = catalog.find("energy", config.energy_table);
      read_settings(config.energy, read_text(table), table.string());
      catalog.log().info(
          [&] { return "energy table " + config.energy_table + ": " + table.string(); });
      again = true;
    }
  }
  if constexpr (detail::NamesMemory<Config>) {
    if (!config.memory.ideal() && config.memory.model != kInlineDram) {
      config.memory.dram = read_memory(catalog, config.memory.model);
      again = true;
    }
  }
  if (again) detail::read_over(file, changes, config);
  if constexpr (detail::NamesTable<Config>) config.energy_table = kInlineTable;
  if constexpr (detail::NamesMemory<Config>)
    if (!config.memory.ideal()) config.memory.model = kInlineDram;
  validate(config);
  catalog.log().info([&] { return detail::machine_line(file, changes, write_settings(config)); });
  return config;
}

/// The JSON Schema of the machine files that read_machine takes.
template <Settings Config>
std::string machine_schema(std::string_view title) {
  constexpr std::array kOthers{
      TextKey{kBaseKey, "Another machine, a name or a path from here, that this file extends."}};
  return write_schema<Config>(title, kOthers);
}

template <Settings Config>
bool has_setting(std::string_view path) {
  Config defaults;
  return find_setting_at(bind(defaults), path) != nullptr;
}

}  // namespace hdp
