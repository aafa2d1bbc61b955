// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/config/catalog.hpp>
#include <hdp/machine/hdp_config.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// The machine of a name or file with `path=value` changes on top, complete and valid.
HdpConfig resolve_machine(const Catalog& catalog, const std::string& name_or_path,
                          const std::vector<std::string>& changes);

/// The trace of a name or file: a .safetensors file, or a .json description of a synthetic one.
Trace resolve_workload(const Catalog& catalog, const std::string& name_or_path);

}  // namespace hdp
