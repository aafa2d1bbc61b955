// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hdp/base/int128.hpp>
#include <hdp/numeric/error_measure.hpp>
#include <hdp/prune/hdp_plan.hpp>
#include <hdp/prune/hdp_trace.hpp>

namespace hdp {

/// Counts that add up over heads and layers.
struct HdpCounts {
  std::int64_t heads_total = 0;  ///< (head, problem) pairs.
  std::int64_t heads_pruned = 0;
  std::int64_t blocks_existing = 0;  ///< Of kept heads only, as blocks_pruned.
  std::int64_t blocks_pruned = 0;
  std::int64_t entries = 0;       ///< Allowed, over all heads, as
  std::int64_t kept_entries = 0;  ///< those in kept blocks, and empty_rows.
  std::int64_t empty_rows = 0;
  std::int64_t wide_rows = 0, flat_rows = 0;  ///< As in HdpPlan, over all heads.
  std::int64_t q_saturated = 0, k_saturated = 0, v_saturated = 0;
  EstimateCounts estimates;
  std::int64_t heads_read = 0;                      ///< Once each, whatever the problems;
  std::int64_t zero_q_heads = 0, zero_k_heads = 0;  ///< of them those with an empty integer plane.

  void add(const HdpPlan& plan);
  void add(const HdpCounts& other);
  /// What was read of query head `number`, which shares K and V with the other heads of its
  /// `group`: saturated values of a stored tensor count once.
  void add_values(const HdpHead& head, std::int64_t number, std::int64_t group);
  /// Whether most rows of blocks cannot be ranked: their importances are all equal.
  [[nodiscard]] bool degenerate() const { return flat_rows > 0 && 2 * flat_rows >= wide_rows; }
  [[nodiscard]] double block_sparsity() const;
  [[nodiscard]] double head_sparsity() const;
  /// 1 - (1 - block) (1 - head)
  [[nodiscard]] double net_sparsity() const;
};

/// What a comparison looks at of probability estimation; digests are over [n_q, n_k].
struct HdpHeadEstimates {
  EstimateCounts counts;
  std::string survivors_sha256, chunks_sha256;
};

/// Everything that a comparison of decisions looks at, for one query head. Lists have one value a
/// problem unless they say otherwise.
struct HdpHeadDecisions {
  std::int64_t head = 0, kv_head = 0;
  std::vector<std::int64_t> entries, theta_head;
  std::vector<std::optional<std::int64_t>> head_limit;
  std::vector<bool> head_kept;
  std::vector<std::int64_t> blocks_existing, blocks_pruned;
  std::vector<std::int64_t> kept_blocks_per_row_block;  ///< One value a row of blocks.
  std::int64_t kept_entries = 0, keys_used = 0, empty_rows = 0;
  std::string kept_mask_sha256, block_mask_sha256, theta_sha256, score_sha256;
  Int128 s_int_sum = 0, s_int_sum_squares = 0;
  Int128 score_sum = 0, score_sum_squares = 0;
  double mass_kept = 0;
  ErrorMeasure error;
  std::optional<HdpHeadEstimates> estimates;  ///< With that stage; score sums are before it.
};

/// The decisions of one layer, head by head.
struct HdpLayerDecisions {
  std::int64_t layer = 0;
  LayerShape shape;
  HdpCounts counts;
  std::vector<HdpHeadDecisions> heads;
};

/// The decisions of a whole trace.
struct HdpDecisions {
  bool causal = false;
  HdpFormats formats;
  HdpCounts total;
  std::vector<HdpLayerDecisions> layers;
};

/// Runs HDP's decisions and outputs over `trace`, heads in parallel on `threads` threads; the
/// result does not depend on their number. `causal` overrides the word of a prefill trace.
HdpDecisions decide_hdp(const Trace& trace, const HdpSettings& settings, std::optional<bool> causal,
                        unsigned threads);

}  // namespace hdp
