// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hdp/numeric/bit_matrix.hpp>
#include <hdp/numeric/matrix.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// A query head of a layer.
struct HeadName {
  std::int64_t layer = 0, head = 0;
  friend bool operator==(const HeadName&, const HeadName&) = default;
};

/// What one head keeps of its (query, key) pairs, counted in the cells of a grid over [n_q, n_k].
struct HeadMap {
  static constexpr std::int64_t kMostCells = 64;  ///< On a side.

  HeadMap(std::int64_t of_sequence, HeadName of_head, const Trace& trace);
  void keep(std::int64_t query, std::int64_t key) {
    ++kept.row(query / cell_queries)[static_cast<std::size_t>(key / cell_keys)];
  }
  void keep(const BitMatrix& pairs);  ///< [n_q, n_k]
  void keep_all() { kept = allowed; }

  std::int64_t sequence = 0;
  HeadName name;
  std::int64_t queries = 0, keys = 0;
  std::int64_t cell_queries = 1, cell_keys = 1;  ///< Of a cell; those at the edges may have fewer.
  Matrix<std::int64_t> kept, allowed;            ///< Pairs, by cell.
};

/// The maps that somebody wants of a run: a machine fills them while it plays. Different heads may
/// be filled by different threads.
class HeadMaps {
 public:
  explicit HeadMaps(std::vector<HeadName> wanted) : wanted_(std::move(wanted)) {}

  /// Empty maps of all sequences. UserError for a head that a sequence does not have.
  void begin(std::span<const Trace> sequences);
  /// Null where nobody wants it.
  [[nodiscard]] HeadMap* find(std::int64_t sequence, std::int64_t layer, std::int64_t head);
  /// What was filled, by sequence, in the order in which they were asked for.
  [[nodiscard]] std::vector<HeadMap> take() { return std::move(maps_); }

 private:
  std::vector<HeadName> wanted_;
  std::vector<HeadMap> maps_;
};

/// Null where nobody wants maps, or not this one.
inline HeadMap* find_map(HeadMaps* maps, std::int64_t sequence, std::int64_t layer,
                         std::int64_t head) {
  return maps == nullptr ? nullptr : maps->find(sequence, layer, head);
}

}  // namespace hdp
