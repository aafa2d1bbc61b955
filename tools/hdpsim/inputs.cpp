// SPDX-License-Identifier: Apache-2.0
#include "inputs.hpp"

#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/config/read.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp {

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
