// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <map>
#include <string>

#include <fmt/format.h>

#include <hdp/config/walk.hpp>
#include <hdp/config/write.hpp>
#include <hdp/machine/provenance.hpp>

namespace hdp {
namespace {

/// Adds to "cacti7, 45 nm, itrs-hp" what a setting of the energy table says to it.
void add_to_title(std::string& title, std::string_view path, const Setting& setting) {
  if (path != "energy.name" && path != "energy.node_nm" && path != "energy.cell_type") return;
  std::string value = value_text(setting);
  std::erase(value, '"');
  if (!setting.unit.empty()) value += fmt::format(" {}", setting.unit);
  title += (title.empty() ? "" : ", ") + value;
}

/// A DRAM names the sources of its values itself.
void add_dram_sources(const Section& config, Facts& facts) {
  bool dram = false;
  for_each_setting(config, [&](std::string_view path, const Setting& setting) {
    if (path == "memory.model") dram = value_text(setting) != "\"ideal\"";
    if (!dram || !path.starts_with("memory.dram.") || !path.ends_with("source")) return;
    const auto* const source = std::get_if<std::string*>(&setting.target);
    if (source != nullptr && !(**source).empty()) facts.set(std::string(path), **source);
  });
}

}  // namespace

Facts provenance_of(const Section& config, const Section& defaults) {
  std::map<std::string, std::string, std::less<>> default_texts;
  for_each_setting(defaults, [&](std::string_view path, const Setting& setting) {
    default_texts.emplace(path, value_text(setting));
  });
  Facts facts;
  bool has_dram = false;
  std::string energy_table;
  for_each_setting(config, [&](std::string_view path, const Setting& setting) {
    if (path == "name" || path == "seed") return;
    const bool energy = path.starts_with("energy."), dram = path.starts_with("memory.dram.");
    if (energy) add_to_title(energy_table, path, setting);
    has_dram |= dram;
    if (energy || dram) return;
    const auto by_default = default_texts.find(path);  // none in a group that is off by default
    const bool is_default =
        by_default != default_texts.end() && by_default->second == value_text(setting);
    facts.set(std::string(path), source_text(is_default ? setting.source : Source::Ours));
  });
  if (has_dram) facts.set("memory.dram", "ours");  // the choice; the values name their source
  if (!energy_table.empty()) facts.set("energy", energy_table);  // its entries name their sources
  add_dram_sources(config, facts);
  return facts;
}

}  // namespace hdp
