// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <hdp/base/int128.hpp>
#include <hdp/numeric/error_measure.hpp>
#include <hdp/numeric/exact_sums.hpp>
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
  double mass = 0;     ///< Of the dense probabilities on the values used, summed over these rows.
  std::int64_t rows = 0;
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

/// What the cascade tells while it decides: for who plays the decisions.
class SpattenObserver {
 public:
  SpattenObserver() = default;
  SpattenObserver(const SpattenObserver&) = delete;
  SpattenObserver& operator=(const SpattenObserver&) = delete;
  virtual ~SpattenObserver() = default;

  struct Query {
    std::int64_t layer = 0, problem = 0, head = 0, query = 0;
    std::span<const std::int32_t> keys;    ///< Live and visible, ascending,
    std::span<const std::int64_t> codes;   ///< with the codes of their probabilities.
    std::span<const std::int32_t> values;  ///< Those whose V is used.
    bool fetched_lsb = false;
  };
  /// Called for heads on several threads at once; the queries of a head come in order.
  virtual void on_query(const Query& query) = 0;

  struct Layer {
    std::int64_t layer = 0, problem = 0;
    std::span<const std::int32_t> tokens, heads;  ///< That it held.
    std::span<const std::int64_t> token_importance, head_importance;
    std::int64_t tokens_kept = 0, heads_kept = 0;
  };
  /// Called when all heads of a layer are done.
  virtual void on_layer(const Layer& layer) = 0;
};

/// Runs the cascade over `trace`, heads in parallel on `threads` threads; the result does not
/// depend on their number. `causal` overrides the word of a prefill trace. UserError where layers
/// differ in tokens or heads, or a schedule has not one step a layer.
SpattenDecisions decide_spatten(const Trace& trace, const SpattenSettings& settings,
                                std::optional<bool> causal, unsigned threads,
                                SpattenObserver* observer = nullptr);

}  // namespace hdp
