// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/plane_loads.hpp"

#include <algorithm>

#include "machine/hdp/load_list.hpp"

namespace hdp {

void add_plane_loads(const PlaneSource& source, const Problem& problem, std::int64_t array_rows,
                     std::int64_t array_columns, HeadWork& work) {
  LoadList loads(work, work.plane_loads);
  std::int64_t resident_tiles = 0;
  std::int64_t tiles_before = 0, tiles_before_last_strip = 0;
  for (auto& strip_work : work.strips) {
    const auto index = static_cast<std::int64_t>(&strip_work - work.strips.data());
    const Strip strip = strip_at(problem, index, array_rows, array_columns);
    loads.open(source.q, Buffer::Q, source.q_start, source.row_bytes, tiles_before_last_strip);
    loads.rows(problem.first_query + strip.top, strip.height);
    strip_work.query_loads = loads.count();
    strip_work.resident_tiles = resident_tiles;
    for (std::int64_t t = resident_tiles; t < strip.tiles; ++t) {
      const std::int64_t place = source.resident ? 0 : tiles_before + t - source.tiles_held + 1;
      loads.open(source.k, Buffer::K, source.k_start, source.row_bytes,
                 std::max<std::int64_t>(0, place));
      const std::int64_t first = t * array_columns;
      loads.rows(first, std::min(array_columns, problem.keys - first));
    }
    if (source.resident) resident_tiles = std::max(resident_tiles, strip.tiles);
    tiles_before_last_strip = tiles_before;
    tiles_before += strip.tiles;
  }
}

}  // namespace hdp
