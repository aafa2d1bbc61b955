// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/machine/head_map.hpp>

namespace hdp {

/// Heads in the form LAYER:HEAD. UserError for any other.
std::vector<HeadName> read_head_names(const std::vector<std::string>& texts);

}  // namespace hdp
