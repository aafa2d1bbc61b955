// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include <hdp/machine/leopard/config.hpp>
#include <hdp/prune/problem.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp::leopard {

/// Query heads that share K and V, with all queries of a problem: what K and V are loaded for.
struct Group {
  std::int64_t sequence = 0, layer = 0, number = 0;
  Problem problem;
  std::int64_t stored_head = 0;            ///< Whose K and V.
  std::int64_t first_head = 0, heads = 1;  ///< Query heads.
  bool appends = false;                    ///< Writes the newest row of K and V.
  std::int64_t piece_keys = 0;             ///< Keys that the buffers take at a time.
  bool rows_stay = false;                  ///< All of its rows fit the row buffer.

  [[nodiscard]] std::int64_t rows() const { return heads * problem.queries; }
  /// Keys that a row sees; rows of a head follow each other.
  [[nodiscard]] std::int64_t visible(std::int64_t row) const {
    return problem.visible(row % problem.queries);
  }
  [[nodiscard]] std::int64_t query(std::int64_t row) const {
    return problem.first_query + row % problem.queries;
  }
  [[nodiscard]] std::int64_t head(std::int64_t row) const {
    return first_head + row / problem.queries;
  }
  [[nodiscard]] std::int64_t pieces() const { return (problem.keys + piece_keys - 1) / piece_keys; }
};

/// Consecutive keys of a group, as the buffers hold them.
struct KeyRange {
  std::int64_t first = 0, keys = 0;
  /// Of the keys that a row sees.
  [[nodiscard]] std::int64_t seen(std::int64_t visible) const {
    return std::clamp<std::int64_t>(visible - first, 0, keys);
  }
};
inline KeyRange piece_of(const Group& group, std::int64_t piece) {
  const std::int64_t first = piece * group.piece_keys;
  return {first, std::min(group.piece_keys, group.problem.keys - first)};
}

/// Bytes of a row of Q, K, V, of the sums that a row under way has, and of an output.
struct RowBytes {
  std::int64_t q = 0, k = 0, v = 0, sums = 0, out = 0;
  /// In the row buffer.
  [[nodiscard]] std::int64_t under_way() const { return q + sums; }
};
RowBytes row_bytes(const LeopardConfig& config, std::int64_t d);

/// The groups of traces that are played side by side, in order: step by step, layer by layer.
/// UserError where a key or a row does not fit a buffer.
std::vector<Group> groups_of(const LeopardConfig& config, std::span<const Trace> sequences);

}  // namespace hdp::leopard
