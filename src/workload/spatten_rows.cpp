// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <hdp/workload/spatten_workload.hpp>

namespace hdp {
namespace {

bool ends_layer(std::span<const SpattenRow> rows, std::size_t i) {
  return i + 1 == rows.size() || rows[i + 1].layer != rows[i].layer ||
         rows[i + 1].iteration != rows[i].iteration;
}

/// Heads that a layer lacks, as copies of its last row; tokens are ranked behind the last of them.
void add_missing_heads(std::int64_t heads, std::vector<SpattenRow>& rows) {
  while (rows.back().head + 1 < heads) {
    SpattenRow next = rows.back();
    rows.back().top_k = false;
    ++next.head;
    rows.push_back(next);
  }
}

}  // namespace

std::vector<SpattenRow> with_features(std::span<const SpattenRow> rows,
                                      const RowFeatures& features) {
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
    if (!features.tokens) {
      row.key_fetch = row.value_fetch = row.sentence_length = tokens[row.iteration];
      row.top_k = false;
      row.top_k_kept = -1;
    }
    if (!features.values) row.value_fetch = row.key_fetch;
    if (!features.quantisation) {
      row.key_bits = row.value_bits = -1;
      row.requantise = false;
    }
    all.push_back(row);
    if (!features.heads && ends_layer(rows, i)) add_missing_heads(heads, all);
  }
  return all;
}

std::vector<SpattenRow> unpruned(std::span<const SpattenRow> rows) {
  return with_features(rows, {});
}

std::string row_path(const std::string& origin, std::size_t row) {
  return fmt::format("{}{}row {}", origin, origin.empty() ? "" : ": ", row);
}

SpattenWorkload with_rows(const SpattenWorkload& workload, std::vector<SpattenRow> rows) {
  return {.name = workload.name,
          .sha256 = workload.sha256,
          .format = workload.format,
          .rows = std::move(rows),
          .trailer = workload.trailer};
}

}  // namespace hdp
