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
};

/// One head of a layer, in one step: what is decided, without any time. The queries share one fetch
/// of K; a single query fetches the V it uses, several fetch V of all keys.
struct SpattenPass {
  std::int64_t step = 0, layer = 0, head = 0;
  std::int64_t stored_head = 0;  ///< Whose K and V.
  std::int64_t d = 64;
  std::int64_t query_bits = 12, key_bits = 8, lsb_bits = 4, value_bits = 12;
  std::shared_ptr<const std::vector<std::int32_t>> keys;  ///< Live tokens, ascending.
  std::vector<std::int32_t> values;                       ///< Tokens whose V is fetched, ascending.
  std::int64_t first_query = 0;  ///< Row of the first query in the head's Q.
  std::vector<SpattenQueryWork> queries;
  bool ends_layer = false;
  std::int64_t token_ranking_cycles = 0;  ///< On the top-k engine, behind the end of the layer;
  std::int64_t head_ranking_cycles = 0;   ///< 0: nothing is ranked.

  /// A head with one query streams V in tiles and may fetch it as soon as it is known.
  [[nodiscard]] bool single() const { return queries.size() == 1; }
};

}  // namespace hdp
