// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "workload/spatten_columns.hpp"

namespace hdp::detail {

/// The format that has more of these names; a header of neither is taken for a generation file.
SpattenFormat format_of(std::span<const std::string_view> header);

/// The column of every cell of a line. UserError for a name that is unknown, twice or missing.
std::vector<const SpattenColumn*> columns_in(std::span<const std::string_view> header,
                                             SpattenFormat format);

}  // namespace hdp::detail
