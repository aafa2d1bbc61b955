// SPDX-License-Identifier: Apache-2.0
#include <hdp/machine/read_machine.hpp>

namespace hdp {

DramConfig read_memory(const Catalog& catalog, const std::string& name_or_path) {
  const std::filesystem::path path = catalog.find("memories", name_or_path);
  DramConfig config;
  config.name = path.stem().string();
  read_settings(config, read_text(path), path.string());
  return config;
}

}  // namespace hdp
