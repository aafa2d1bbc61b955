// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <utility>

#include "prune/stored_heads.hpp"
#include <hdp/prune/pick_tokens.hpp>
#include <hdp/prune/token_picker_decisions.hpp>
#include <hdp/prune/token_picker_record.hpp>

namespace hdp {
namespace {

TokenPickerHeadDecisions decide_head(const Trace& trace, std::int64_t layer, std::int64_t number,
                                     const TokenPickerSettings& settings, bool causal,
                                     bool fidelity,
                                     std::shared_ptr<const KeyValueCodes> key_values) {
  const TokenPickerHead head(trace, layer, number, settings, std::move(key_values));
  TokenPickerRecord record(trace, layer, number, settings, fidelity);
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
  return record.finish(trace, all);
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

void TokenPickerDecisions::add(TokenPickerLayerDecisions layer,
                               std::vector<TokenPickerHeadDecisions> heads) {
  add_heads(layer.counts, layer.shape, heads);
  layer.heads = std::move(heads);
  total.add(layer.counts);
  layers.push_back(std::move(layer));
}

TokenPickerDecisions decide_token_picker(const Trace& trace, const TokenPickerSettings& settings,
                                         std::optional<bool> causal, unsigned threads,
                                         bool fidelity) {
  TokenPickerDecisions decisions;
  decisions.causal = trace.stage() == Stage::Decode || causal.value_or(trace.causal());
  auto heads = for_stored_heads<TokenPickerHeadDecisions>(
      trace, threads, [&](std::int64_t layer, std::int64_t stored, auto results) {
        const auto codes = std::make_shared<const KeyValueCodes>(trace, layer, stored, settings);
        const std::int64_t first = stored * std::ssize(results);
        for (std::int64_t i = 0; i < std::ssize(results); ++i)
          results[static_cast<std::size_t>(i)] =
              decide_head(trace, layer, first + i, settings, decisions.causal, fidelity, codes);
      });
  for (std::int64_t layer = 0; layer < trace.layers(); ++layer)
    decisions.add({layer, trace.shape(layer), {}, {}},
                  std::move(heads[static_cast<std::size_t>(layer)]));
  return decisions;
}

}  // namespace hdp
