// SPDX-License-Identifier: Apache-2.0
#include "inputs.hpp"

#include <iterator>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/config/read.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp {

Trace resolve_workload(const Catalog& catalog, const std::string& name_or_path) {
  const std::filesystem::path path = catalog.find("workloads", name_or_path);
  if (path.extension() == ".csv")
    throw UserError({.path = path.string(),
                     .problem = "rows of SpAtten: this machine needs Q, K and V",
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

SpattenWorkload resolve_any_rows(const Catalog& catalog, const std::string& name_or_path) {
  const std::filesystem::path path = catalog.find("workloads", name_or_path);
  if (path.extension() != ".csv")
    throw UserError({.path = path.string(),
                     .problem = "this machine takes the rows of a workload file",
                     .allowed = ".csv"});
  return read_spatten_workload(path);
}

SpattenWorkload resolve_rows(const Catalog& catalog, const std::string& name_or_path) {
  SpattenWorkload workload = resolve_any_rows(catalog, name_or_path);
  if (workload.format != SpattenFormat::Generation)
    throw UserError({.path = catalog.find("workloads", name_or_path).string(),
                     .problem = "rows of a prefill; the RTL knows one query a row",
                     .allowed = "a file of the generation format"});
  return workload;
}

std::vector<SpattenRow> chosen_rows(const SpattenWorkload& workload,
                                    std::optional<std::int64_t> iteration,
                                    std::optional<std::int64_t> most) {
  std::vector<SpattenRow> rows;
  for (const SpattenRow& row : workload.rows) {
    if (iteration && row.iteration != *iteration) continue;
    if (most && std::ssize(rows) == *most) break;
    rows.push_back(row);
  }
  if (rows.empty())
    throw UserError({.path = workload.name,
                     .problem = iteration ? fmt::format("no row of iteration {}", *iteration)
                                          : std::string("no row")});
  return rows;
}

}  // namespace hdp
