// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <hdp/workload/spatten_workload.hpp>

namespace hdp {

std::vector<SpattenRow> unpruned(std::span<const SpattenRow> rows) {
  std::int64_t heads = 0;
  std::map<std::int64_t, std::int64_t> tokens;  // by iteration; pruned queries make rows shorter
  for (const SpattenRow& row : rows) {
    heads = std::max(heads, row.head + 1);
    std::int64_t& most = tokens[row.iteration];
    most = std::max({most, row.sentence_length, row.key_fetch});
  }
  std::vector<SpattenRow> all;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SpattenRow row = rows[i];
    row.key_fetch = row.value_fetch = row.sentence_length = tokens[row.iteration];
    row.key_bits = row.value_bits = -1;
    row.requantise = row.top_k = false;
    row.top_k_kept = -1;
    all.push_back(row);
    const bool ends = i + 1 == rows.size() || rows[i + 1].layer != row.layer ||
                      rows[i + 1].iteration != row.iteration;
    for (++row.head; ends && row.head < heads; ++row.head) all.push_back(row);
  }
  return all;
}

}  // namespace hdp
