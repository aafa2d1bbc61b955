// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace hdp {

/// Whether a text stands for a file wherever we are, as Catalog::find() reads it: it holds a '/',
/// or ends in .json, .safetensors or .csv.
bool is_path(std::string_view name_or_path);

}  // namespace hdp
