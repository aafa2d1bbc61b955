// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
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
/// The energy table of a name or file, likewise.
EnergyTable read_energy_table(const Catalog& catalog, const std::string& name_or_path);

/// What the settings of a machine bring: a name, and the check of what their ranges cannot say.
template <class Config>
concept MachineSettings = Settings<Config> && requires(Config config) {
  { config.name } -> std::same_as<std::string&>;
  validate(config);  // found by argument; throws UserError
};

namespace detail {

template <class Config>
concept NamesMemory = requires(Config config) { config.memory.dram; };
template <class Config>
concept NamesTable = requires(Config config) { config.energy_table; };

/// What the log says of a machine that was read; `text` is that of its settings.
std::string machine_line(const MachineFile& file, const std::vector<std::string>& changes,
                         const std::string& text);

/// Reads one layer of words over the settings. Where it names a memory or an energy table, that is
/// read in its place first, and the layer's own words go before its.
template <Settings Config, class Read>
void read_layer(const Catalog& catalog, Config& config, const Read& read) {
  // NOLINTBEGIN(misc-const-correctness): where there is neither memory nor table nothing sets them.
  bool was_ideal = false, named = false;
  double peak = 0;
  // NOLINTEND(misc-const-correctness)
  if constexpr (NamesMemory<Config>) {
    was_ideal = config.memory.ideal();
    peak = peak_bytes_per_s(config.memory);
  }
  read(config);
  if constexpr (NamesTable<Config>) {
    if (config.energy_table != kInlineTable) {
      config.energy = read_energy_table(catalog, config.energy_table);
      named = true;
    }
  }
  if constexpr (NamesMemory<Config>) {
    const bool leaves_dram = config.memory.ideal() && !was_ideal;
    if (leaves_dram || (!config.memory.ideal() && config.memory.model != kInlineDram)) {
      config.memory.dram = leaves_dram ? DramConfig{} : read_memory(catalog, config.memory.model);
      named = true;
    }
  }
  if (named) read(config);
  if constexpr (NamesTable<Config>) config.energy_table = kInlineTable;
  if constexpr (NamesMemory<Config>) {
    if (!config.memory.ideal())
      config.memory.model = kInlineDram;
    else if (!was_ideal && !config.memory.bandwidth_mb_per_s)
      config.memory = with_peak(config.memory, peak);
  }
}

}  // namespace detail

/// The settings of a machine, complete and valid: the file's parts, one over the other, then the
/// changes.
template <MachineSettings Config>
Config read_machine(const Catalog& catalog, const MachineFile& file,
                    const std::vector<std::string>& changes) {
  constexpr std::array kOurs{kBaseKey};
  Config config;
  for (const MachineFile::Part& part : file.parts)
    detail::read_layer(catalog, config, [&](Config& layer) {
      layer.name = file.name();
      read_settings(layer, part.text, part.path.string(), {.at = "", .ignored = kOurs});
    });
  detail::read_layer(catalog, config, [&](Config& layer) {
    for (const std::string& change : changes) set_value(layer, change);
  });
  validate(config);
  if constexpr (detail::NamesTable<Config>) keep_chosen_technology(config.energy);
  catalog.log().info([&] { return detail::machine_line(file, changes, write_settings(config)); });
  return config;
}

/// The canonical, complete text of a machine: reading it gives the same settings.
template <Settings Config>
std::string machine_text(Config config) {
  if constexpr (detail::NamesTable<Config>) config.energy_table = kInlineTable;
  return write_settings(config);
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
