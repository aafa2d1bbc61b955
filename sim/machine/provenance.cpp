// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <map>
#include <string>

#include <hdp/config/walk.hpp>
#include <hdp/config/write.hpp>
#include <hdp/machine/provenance.hpp>

namespace hdp {

Facts provenance_of(const Section& config, const Section& defaults) {
  std::map<std::string, std::string, std::less<>> default_texts;
  for_each_setting(defaults, [&](std::string_view path, const Setting& setting) {
    default_texts.emplace(path, value_text(setting));
  });
  Facts facts;
  bool has_energy = false, has_dram = false;
  for_each_setting(config, [&](std::string_view path, const Setting& setting) {
    if (path == "name" || path == "seed") return;
    const bool energy = path.starts_with("energy."), dram = path.starts_with("memory.dram.");
    has_energy |= energy;
    has_dram |= dram;
    if (energy || dram) return;
    const bool is_default = default_texts.find(path)->second == value_text(setting);
    facts.set(std::string(path), source_text(is_default ? setting.source : Source::Ours));
  });
  if (has_dram) facts.set("memory.dram", "ours");   // the choice; the values name their source
  if (has_energy) facts.set("energy", "recalled");  // every entry of the table names its source
  return facts;
}

}  // namespace hdp
