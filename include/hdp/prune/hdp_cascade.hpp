// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <hdp/numeric/error_measure.hpp>
#include <hdp/prune/hdp_decisions.hpp>
#include <hdp/prune/hdp_plan.hpp>
#include <hdp/prune/hdp_settings.hpp>
#include <hdp/prune/hdp_trace.hpp>
#include <hdp/prune/keep_schedule.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// What goes before blocks are pruned: schedules over the layers of a trace.
struct HdpCascadeSchedules {
  KeepSchedule token, head;
};

/// One problem of a layer: who is there, what HDP does with them, and how they are ranked.
struct HdpCascadeProblem {
  std::vector<std::int32_t> tokens, heads;  ///< That the layer holds, ascending.
  std::vector<HdpPlan> plans;               ///< By place in `heads`: on the live tokens alone.
  std::vector<std::int64_t> token_importance, head_importance;  ///< By place in the lists.
  std::int64_t tokens_kept = 0, heads_kept = 0;                 ///< By the layers that follow.
};

struct HdpCascadeLayer {
  std::vector<HdpCascadeProblem> problems;
  HdpCounts counts;                ///< Of the heads that are there.
  std::int64_t dense_entries = 0;  ///< Allowed entries before any pruning, all heads;
  std::int64_t live_entries = 0;   ///< of live queries, keys and heads.
  /// Of live queries, beside dense attention over all tokens; a head that is gone gives zeros.
  ErrorMeasure error;
  double mass = 0;        ///< Dense probability on the entries used, summed over heads and rows.
  std::int64_t rows = 0;  ///< Live queries of all problems.
};

/// Cascade token and head pruning (numerics: SpAtten) in front of HDP's block and head pruning: a
/// token's importance is the sum of the codes of HDP's probabilities, a head's the sum of |out|.
/// Every layer is planned on its live tokens and heads alone. Heads run on `threads` threads, which
/// changes no result. UserError where layers differ in tokens or heads.
std::vector<HdpCascadeLayer> plan_cascade(const Trace& trace, const HdpSettings& settings,
                                          const HdpFormats& formats,
                                          const HdpCascadeSchedules& schedules, unsigned threads);

}  // namespace hdp
