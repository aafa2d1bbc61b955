// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hdp {

/// The JSON Schema of a kind of file.
struct FileSchema {
  std::string_view name;
  std::string (*text)();
};

/// Of the files that describe workloads.
std::span<const FileSchema> workload_schemas();

}  // namespace hdp
