// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hdp/numeric/error_measure.hpp>
#include <hdp/numeric/exact_sums.hpp>
#include <hdp/prune/token_picker_settings.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// Counts that add up over heads and layers.
struct TokenPickerCounts {
  std::int64_t tokens = 0;              ///< Allowed (query, key) pairs,
  std::int64_t chunks_fetched = 0;      ///< the chunks of K read for them,
  std::int64_t value_rows_fetched = 0;  ///< and those whose V is read.
  std::int64_t empty_rows = 0;          ///< Queries without a survivor.
  std::int64_t near_ties = 0;
  std::int64_t safety_violations = 0;  ///< Dropped, although above the threshold.
  std::int64_t q_saturated = 0, k_saturated = 0, v_saturated = 0;

  void add(const TokenPickerCounts& other);
};

/// One query head of a layer.
struct TokenPickerHeadDecisions {
  std::int64_t head = 0, kv_head = 0;
  double sigma = 1;
  TokenPickerCounts counts;
  std::vector<std::int64_t> chunks_fetched_per_query, value_rows_per_query;
  std::vector<std::int64_t> fetched_per_chunk, pruned_after_chunk;
  std::string survivors_sha256, fetched_sha256;
  ExactSums scores;
  double mass_kept = 0;  ///< Mean over the queries of the dense probability on the survivors.
  ErrorMeasure error;
};

struct TokenPickerLayerDecisions {
  std::int64_t layer = 0;
  LayerShape shape;
  TokenPickerCounts counts;
  std::vector<TokenPickerHeadDecisions> heads;
};

struct TokenPickerDecisions {
  bool causal = false;
  TokenPickerCounts total;
  std::vector<TokenPickerLayerDecisions> layers;

  /// The next layer, which has nothing yet but its shape, and all its heads.
  void add(TokenPickerLayerDecisions layer, std::vector<TokenPickerHeadDecisions> heads);
};

/// Decides over `trace`, heads in parallel on `threads` threads; the result does not depend on
/// their number. `causal` overrides the word of a prefill trace; without `fidelity` nothing is
/// compared with dense attention.
TokenPickerDecisions decide_token_picker(const Trace& trace, const TokenPickerSettings& settings,
                                         std::optional<bool> causal, unsigned threads,
                                         bool fidelity = true);

}  // namespace hdp
