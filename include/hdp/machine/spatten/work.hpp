// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace hdp {

/// One query of a head: the counts that decide how long it takes.
struct SpattenQueryWork {
  std::int64_t keys = 0;          ///< Live ones that it sees: the first so many of the head's.
  std::int64_t values = 0;        ///< Those whose V is used.
  std::int64_t top_k_cycles = 0;  ///< Choosing them; 0: all are used, and there is no top-k.
  bool second_pass = false;       ///< Fetches the LSBs of K and computes the scores again.
  /// By tile of its values: how many values of the pass reach to the last of the tile. Empty: its
  /// values are those of the pass.
  std::vector<std::int32_t> value_ends{};
};

/// A slice of a layer, in one step: heads that share K and V, and what is decided for them, without
/// any time. All queries share one fetch of K; where every head has a single query, what they use
/// of V is fetched, else V of all keys.
struct SpattenPass {
  std::int64_t sequence = 0, step = 0, layer = 0;
  std::vector<std::int64_t> heads{0};  ///< Ascending, each with as many queries.
  std::int64_t stored_head = 0;        ///< Whose K and V.
  std::int64_t d = 64;
  std::int64_t query_bits = 12, key_bits = 8, lsb_bits = 4, value_bits = 12;
  std::shared_ptr<const std::vector<std::int32_t>> keys;  ///< Live tokens, ascending.
  std::vector<std::int32_t> values;                       ///< Tokens whose V is fetched, ascending.
  std::int64_t first_query = 0;           ///< Row of the first query in the Q of each head.
  std::vector<SpattenQueryWork> queries;  ///< Head by head.
  bool two_parts = false;                 ///< K lies in memory in two parts.
  bool appends = false;                   ///< Writes K and V of its newest token to memory.
  bool ends_layer = false;                ///< Of all sequences.
  std::int64_t token_ranking_cycles = 0;  ///< Of its sequence, on the top-k engine, behind the last
  std::int64_t head_ranking_cycles = 0;   ///< slice in the layer; 0: nothing is ranked.

  /// Queries of each head.
  [[nodiscard]] std::int64_t rows() const {
    return static_cast<std::int64_t>(queries.size() / heads.size());
  }
  /// V streams in tiles, and may be fetched as soon as it is known which.
  [[nodiscard]] bool single() const { return rows() == 1; }
};

}  // namespace hdp
