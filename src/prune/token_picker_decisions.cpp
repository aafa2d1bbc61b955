// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <utility>

#include <hdp/base/parallel.hpp>
#include <hdp/prune/pick_tokens.hpp>
#include <hdp/prune/token_picker_decisions.hpp>
#include <hdp/prune/token_picker_record.hpp>

namespace hdp {
namespace {

TokenPickerHeadDecisions decide_head(const Trace& trace, std::int64_t layer, std::int64_t number,
                                     const TokenPickerSettings& settings, bool causal,
                                     bool fidelity) {
  const TokenPickerHead head(
      trace, layer, number, settings,
      std::make_shared<KeyValueCodes>(trace, layer, trace.kv_head(layer, number), settings));
  TokenPickerRecord record(trace, layer, number, settings);
  record.count_saturated(head);
  TokenPicker picker(settings);
  TokenPickerQuery picked;
  Matrix<std::int64_t> partials;
  const std::vector<Problem> all = problems(trace, layer, causal);
  for (const Problem& problem : all)
    for (std::int64_t i = 0; i < problem.queries; ++i) {
      const std::int64_t query = problem.first_query + i;
      head.partials(query, problem.visible(i), partials);
      picker.pick(head.query(query), head.sigma(), std::as_const(partials).view(), picked);
      record.add(query, std::as_const(partials).row(partials.rows() - 1), picked, head);
    }
  return record.finish(trace, all, fidelity);
}

}  // namespace

void TokenPickerCounts::add(const TokenPickerCounts& other) {
  tokens += other.tokens;
  chunks_fetched += other.chunks_fetched;
  value_rows_fetched += other.value_rows_fetched;
  empty_rows += other.empty_rows;
  near_ties += other.near_ties;
  safety_violations += other.safety_violations;
  q_saturated += other.q_saturated;
  k_saturated += other.k_saturated;
  v_saturated += other.v_saturated;
}

void TokenPickerLayerDecisions::add(TokenPickerHeadDecisions head) {
  TokenPickerCounts of_head = head.counts;
  if (head.head % (shape.heads / shape.kv_heads) != 0)
    of_head.k_saturated = of_head.v_saturated = 0;  // stored once
  counts.add(of_head);
  heads.push_back(std::move(head));
}

TokenPickerDecisions decide_token_picker(const Trace& trace, const TokenPickerSettings& settings,
                                         std::optional<bool> causal, unsigned threads,
                                         bool fidelity) {
  TokenPickerDecisions decisions;
  decisions.causal = trace.stage() == Stage::Decode || causal.value_or(trace.causal());
  struct Task {
    std::int64_t layer, head;
  };
  std::vector<Task> tasks;
  for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
    decisions.layers.push_back({layer, trace.shape(layer), {}, {}});
    for (std::int64_t head = 0; head < trace.shape(layer).heads; ++head)
      tasks.push_back({layer, head});
  }
  std::vector<TokenPickerHeadDecisions> results(tasks.size());
  parallel_for(tasks.size(), threads, [&](std::size_t t) {
    results[t] =
        decide_head(trace, tasks[t].layer, tasks[t].head, settings, decisions.causal, fidelity);
  });
  for (std::size_t t = 0; t < tasks.size(); ++t)
    decisions.layers[static_cast<std::size_t>(tasks[t].layer)].add(std::move(results[t]));
  for (const auto& layer : decisions.layers) decisions.total.add(layer.counts);
  return decisions;
}

}  // namespace hdp
