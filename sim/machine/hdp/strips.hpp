// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include <hdp/base/quantity.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp {

/// Query rows [top, top + height) of a problem, as tall as the PE array.
struct Strip {
  std::int64_t index = 0;
  std::int64_t top = 0;
  std::int64_t height = 0;
  std::int64_t visible = 0;  ///< Keys that its last row sees.
  std::int64_t tiles = 0;
};

inline std::int64_t strip_count(const Problem& problem, std::int64_t rows) {
  return ceil_div(problem.queries, rows);
}

inline Strip strip_at(const Problem& problem, std::int64_t index, std::int64_t rows,
                      std::int64_t columns) {
  Strip strip{.index = index, .top = index * rows};
  strip.height = std::min(rows, problem.queries - strip.top);
  strip.visible = problem.visible(strip.top + strip.height - 1);
  strip.tiles = ceil_div(strip.visible, columns);
  return strip;
}

}  // namespace hdp
