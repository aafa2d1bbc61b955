// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "machine/hdp/planned_layer.hpp"
#include <hdp/prune/hdp_cascade.hpp>

namespace hdp {
namespace {

PlannedProblem problem_of(HdpCascadeProblem&& decided, CascadeLayer& record) {
  record.live_tokens.push_back(std::ssize(decided.tokens));
  record.kept_tokens.push_back(decided.tokens_kept);
  record.live_heads.push_back(std::ssize(decided.heads));
  record.kept_heads.push_back(decided.heads_kept);
  record.heads.push_back(decided.heads);
  PlannedProblem problem{.problem = decided.plans.front().problem,
                         .tokens = std::move(decided.tokens),
                         .heads = std::move(decided.heads),
                         .plans = std::move(decided.plans),
                         .ranked = {}};
  const auto rank = [&](std::vector<std::int64_t>& importance, std::int64_t kept) {
    if (kept < std::ssize(importance)) problem.ranked.push_back({std::move(importance), kept});
  };
  rank(decided.token_importance, decided.tokens_kept);
  rank(decided.head_importance, decided.heads_kept);
  return problem;
}

}  // namespace

std::vector<PlannedLayer> plan_cascaded_layers(const HdpRules& rules, const Trace& trace,
                                               const HdpFormats& formats,
                                               const PlayOptions& options) {
  const std::int64_t count = trace.layers();
  const HdpCascadeSchedules schedules{schedule_of(rules.cascade.token, count, "/cascade/token"),
                                      schedule_of(rules.cascade.head, count, "/cascade/head")};
  std::vector<PlannedLayer> layers;
  for (HdpCascadeLayer& decided :
       plan_cascade(trace, rules.prune, formats, schedules, options.threads)) {
    PlannedLayer& layer = layers.emplace_back();
    layer.counts = decided.counts;
    layer.fidelity = {decided.error, decided.mass / static_cast<double>(decided.rows),
                      trace.shape(0).heads};
    CascadeLayer& record = layer.cascade.emplace();
    record.dense_entries = decided.dense_entries;
    record.live_entries = decided.live_entries;
    record.kept_entries = decided.counts.kept_entries;
    for (HdpCascadeProblem& problem : decided.problems)
      layer.problems.push_back(problem_of(std::move(problem), record));
  }
  return layers;
}

}  // namespace hdp
