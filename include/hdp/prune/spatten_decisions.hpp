// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hdp/base/int128.hpp>
#include <hdp/numeric/error_measure.hpp>
#include <hdp/prune/spatten_settings.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// Counts that add up over heads and layers.
struct SpattenCounts {
  std::int64_t entries = 0;  ///< Allowed entries of live rows and live keys.
  std::int64_t lsb_rows = 0, values_kept = 0, near_ties = 0, out_saturated = 0;
  std::int64_t q_saturated = 0, k_saturated = 0, v_saturated = 0;

  void add(const SpattenCounts& other);
};

/// Sums of integers and of their squares.
struct ExactSums {
  Int128 sum = 0, squares = 0;
  void add(std::int64_t value) {
    sum += value;
    squares += Int128{value} * value;
  }
};

/// One query head of a layer.
struct SpattenHeadDecisions {
  std::int64_t head = 0, kv_head = 0;
  std::vector<bool> live;  ///< By problem.
  SpattenCounts counts;
  std::int64_t value_rows_used = 0;
  std::string lsb_rows_sha256, values_kept_sha256, p_sha256, out_sha256;
  ExactSums scores, p, out;
  Int128 out_abs_sum = 0;
  ErrorMeasure error;  ///< Over the rows that were computed.
};

/// One layer: its heads, and the cascade, one value a problem.
struct SpattenLayerDecisions {
  std::int64_t layer = 0;
  LayerShape shape;
  SpattenCounts counts;
  std::vector<std::int64_t> live_tokens, kept_tokens;
  std::string tokens_live_sha256, tokens_kept_sha256, token_importance_sha256;
  std::vector<std::int32_t> last_tokens_live, last_tokens_kept;
  std::vector<std::int64_t> last_token_importance;
  std::vector<std::vector<std::int32_t>> heads_kept;
  std::vector<std::vector<std::int64_t>> head_importance;
  std::optional<std::int64_t> token_cut_margin, head_cut_margin;  ///< The smallest of all problems.
  std::vector<SpattenHeadDecisions> heads;
};

struct SpattenDecisions {
  bool causal = false;
  SpattenCounts total;
  std::vector<SpattenLayerDecisions> layers;
};

/// Runs the cascade over `trace`, heads in parallel on `threads` threads; the result does not
/// depend on their number. `causal` overrides the word of a prefill trace. UserError where layers
/// differ in tokens or heads, or a schedule has not one step a layer.
SpattenDecisions decide_spatten(const Trace& trace, const SpattenSettings& settings,
                                std::optional<bool> causal, unsigned threads);

}  // namespace hdp
