// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hdp/numeric/error_measure.hpp>
#include <hdp/numeric/exact_sums.hpp>
#include <hdp/prune/leopard_settings.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// Counts that add up over heads and layers.
struct LeopardCounts {
  std::int64_t pairs = 0;       ///< Allowed (query, key) pairs,
  std::int64_t survivors = 0;   ///< those whose score reaches the threshold,
  std::int64_t empty_rows = 0;  ///< and queries without one.
  std::vector<std::int64_t> pruned_at_step;
  std::int64_t q_saturated = 0, k_saturated = 0, v_saturated = 0;

  /// Pairs by the steps that they took; survivors take all.
  [[nodiscard]] std::vector<std::int64_t> steps_histogram() const;
  [[nodiscard]] std::int64_t steps_total() const;
  void add(const LeopardCounts& other);
};

/// One query head of a layer.
struct LeopardHeadDecisions {
  std::int64_t head = 0, kv_head = 0;
  std::int64_t threshold = 0;  ///< Of its integer scores.
  LeopardCounts counts;
  std::vector<std::int64_t> survivors_per_query;
  std::string survivors_sha256, steps_sha256, score_sha256;
  ExactSums scores;      ///< Of the survivors.
  double mass_kept = 0;  ///< Mean over the queries of the dense probability on the survivors.
  ErrorMeasure error;
};

struct LeopardLayerDecisions {
  std::int64_t layer = 0;
  LayerShape shape;
  double threshold = 0;
  LeopardCounts counts;
  std::vector<LeopardHeadDecisions> heads;
};

struct LeopardDecisions {
  bool causal = false;
  LeopardCounts total;
  std::vector<LeopardLayerDecisions> layers;

  /// Adds a layer with what was decided on its heads.
  void add(LeopardLayerDecisions layer, std::vector<LeopardHeadDecisions> heads);
};

/// Decides over `trace`, heads in parallel on `threads` threads; the result does not depend on
/// their number. `causal` overrides the word of a prefill trace; without `fidelity` nothing is
/// compared with dense attention.
LeopardDecisions decide_leopard(const Trace& trace, const LeopardSettings& settings,
                                std::optional<bool> causal, unsigned threads, bool fidelity = true);

}  // namespace hdp
