// SPDX-License-Identifier: Apache-2.0
#include "inputs.hpp"

#include <algorithm>

#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/config/assign.hpp>
#include <hdp/config/read.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp {

HdpConfig resolve_machine(const Catalog& catalog, const std::string& name_or_path,
                          const std::vector<std::string>& changes) {
  const std::filesystem::path path = catalog.find("machines", name_or_path);
  const std::string text = read_text(path);
  const auto read_over = [&](HdpConfig& config) {
    read_settings(config, text, path.string());
    for (const std::string& change : changes) set_value(config, change);
  };
  HdpConfig config;
  config.name = path.stem().string();
  read_over(config);
  if (config.energy_table != kInlineTable) {
    const std::filesystem::path table = catalog.find("energy", config.energy_table);
    read_settings(config.energy, read_text(table), table.string());
    read_over(config);  // what the machine says of single entries goes before the table
    config.energy_table = kInlineTable;
  }
  validate(config);
  return config;
}

Trace resolve_workload(const Catalog& catalog, const std::string& name_or_path) {
  const std::filesystem::path path = catalog.find("workloads", name_or_path);
  if (path.extension() == ".csv")
    throw UserError({.path = path.string(),
                     .problem = "published workload files need a SpAtten machine, which this "
                                "version does not have",
                     .allowed = ".safetensors, .json"});
  if (path.extension() != ".json") return load_trace(path);
  SyntheticConfig config;
  read_settings(config, read_text(path), path.string());
  try {
    return make_synthetic(config);
  } catch (const UserError& mistake) {
    throw mistake.within(path.string());
  }
}

}  // namespace hdp
