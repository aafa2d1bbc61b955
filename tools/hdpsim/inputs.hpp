// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <hdp/config/catalog.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// The trace of a name or file: a .safetensors file, or a .json description of a synthetic one.
Trace resolve_workload(const Catalog& catalog, const std::string& name_or_path);

}  // namespace hdp
