// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hdp/config/catalog.hpp>
#include <hdp/workload/spatten_workload.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// The trace of a name or file: a .safetensors file, or a .json description of a synthetic one.
Trace resolve_workload(const Catalog& catalog, const std::string& name_or_path);

/// The workload file of a name or path, of either format;
SpattenWorkload resolve_any_rows(const Catalog& catalog, const std::string& name_or_path);
/// of the generation format, which is all that the authors' RTL knows.
SpattenWorkload resolve_rows(const Catalog& catalog, const std::string& name_or_path);
/// Its rows of one iteration, then the first so many of them. UserError where none are left.
std::vector<SpattenRow> chosen_rows(const SpattenWorkload& workload,
                                    std::optional<std::int64_t> iteration,
                                    std::optional<std::int64_t> most);

}  // namespace hdp
