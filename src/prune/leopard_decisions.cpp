// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

#include "prune/stored_heads.hpp"
#include <hdp/prune/leopard_decisions.hpp>
#include <hdp/prune/leopard_record.hpp>
#include <hdp/prune/leopard_threshold.hpp>

namespace hdp {
namespace {

LeopardHeadDecisions decide_head(const Trace& trace, std::int64_t layer, std::int64_t number,
                                 const LeopardSettings& settings, double threshold, bool causal,
                                 bool fidelity, std::shared_ptr<const LeopardStored> stored) {
  const LeopardHead head(trace, layer, number, settings, std::move(stored));
  const std::int64_t least = least_score(threshold, head.unit());
  LeopardRecord record(trace, layer, number, settings, fidelity);
  record.begin(head, least);
  BitSerialQuery decided;
  const std::vector<Problem> all = problems(trace, layer, causal);
  for (const Problem& problem : all)
    for (std::int64_t i = 0; i < problem.queries; ++i) {
      const std::int64_t query = problem.first_query + i;
      head.decide(query, problem.visible(i), least, decided);
      record.add(query, decided, head);
    }
  return record.finish(trace, all);
}

}  // namespace

std::vector<std::int64_t> LeopardCounts::steps_histogram() const {
  std::vector<std::int64_t> histogram = pruned_at_step;
  if (!histogram.empty()) histogram.back() += survivors;
  return histogram;
}

std::int64_t LeopardCounts::steps_total() const {
  const std::vector<std::int64_t> histogram = steps_histogram();
  std::int64_t total = 0;
  for (std::size_t i = 0; i < histogram.size(); ++i)
    total += static_cast<std::int64_t>(i + 1) * histogram[i];
  return total;
}

void LeopardCounts::add(const LeopardCounts& other) {
  pairs += other.pairs;
  survivors += other.survivors;
  empty_rows += other.empty_rows;
  pruned_at_step.resize(std::max(pruned_at_step.size(), other.pruned_at_step.size()));
  for (std::size_t i = 0; i < other.pruned_at_step.size(); ++i)
    pruned_at_step[i] += other.pruned_at_step[i];
  q_saturated += other.q_saturated;
  k_saturated += other.k_saturated;
  v_saturated += other.v_saturated;
}

void LeopardDecisions::add(LeopardLayerDecisions layer, std::vector<LeopardHeadDecisions> heads) {
  add_heads(layer.counts, layer.shape, heads);
  layer.heads = std::move(heads);
  total.add(layer.counts);
  layers.push_back(std::move(layer));
}

LeopardDecisions decide_leopard(const Trace& trace, const LeopardSettings& settings,
                                std::optional<bool> causal, unsigned threads, bool fidelity) {
  LeopardDecisions decisions;
  decisions.causal = trace.stage() == Stage::Decode || causal.value_or(trace.causal());
  const std::vector<double> thresholds =
      leopard_thresholds(trace, settings, decisions.causal, threads);
  auto heads = for_stored_heads<LeopardHeadDecisions>(
      trace, threads, [&](std::int64_t layer, std::int64_t stored, auto results) {
        const auto codes = std::make_shared<const LeopardStored>(trace, layer, stored, settings);
        const std::int64_t first = stored * std::ssize(results);
        for (std::int64_t i = 0; i < std::ssize(results); ++i)
          results[static_cast<std::size_t>(i)] = decide_head(
              trace, layer, first + i, settings, thresholds[static_cast<std::size_t>(layer)],
              decisions.causal, fidelity, codes);
      });
  for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
    const auto l = static_cast<std::size_t>(layer);
    decisions.add({layer, trace.shape(layer), thresholds[l], {}, {}}, std::move(heads[l]));
  }
  return decisions;
}

}  // namespace hdp
