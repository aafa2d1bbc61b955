// SPDX-License-Identifier: Apache-2.0
#include "machine/leopard/decider.hpp"

#include <algorithm>
#include <utility>

#include <hdp/base/parallel.hpp>
#include <hdp/prune/leopard_threshold.hpp>
#include <hdp/units/bit_serial_array.hpp>

namespace hdp::leopard {
namespace {

constexpr std::int64_t kNoThreshold = -(std::int64_t{1} << 62);  // every score reaches it

}  // namespace

Decider::Decider(const LeopardConfig& config, std::span<const Trace> sequences, bool fidelity,
                 unsigned threads)
    : settings_(config.prune.settings()),
      pruning_(config.prune),
      sequences_(sequences),
      fidelity_(fidelity),
      threads_(threads) {
  for (const Trace& trace : sequences) {
    auto& layers = layers_.emplace_back(static_cast<std::size_t>(trace.layers()));
    std::vector<double> thresholds(layers.size());
    if (pruning_.pruning) {
      check_thresholds(settings_, trace.layers(), "/prune");
      const bool causal = trace.stage() == Stage::Decode || trace.causal();
      thresholds = leopard_thresholds(trace, settings_, causal, threads);
    }
    for (std::size_t l = 0; l < layers.size(); ++l) {
      const LayerShape& shape = trace.shape(static_cast<std::int64_t>(l));
      layers[l].stored.resize(static_cast<std::size_t>(shape.kv_heads));
      layers[l].heads.resize(static_cast<std::size_t>(shape.heads));
      layers[l].threshold = thresholds[l];
    }
  }
}

/// A head's codes, the first time that it comes up.
void Decider::load(const Group& group, std::int64_t number) {
  const auto s = static_cast<std::size_t>(group.sequence);
  Layer& layer = layers_[s][static_cast<std::size_t>(group.layer)];
  Head& head = layer.heads[static_cast<std::size_t>(number)];
  if (head.codes) return;
  auto& stored = layer.stored[static_cast<std::size_t>(group.stored_head)];
  if (!stored)
    stored = std::make_shared<const LeopardStored>(sequences_[s], group.layer, group.stored_head,
                                                   settings_);
  head.codes =
      std::make_unique<const LeopardHead>(sequences_[s], group.layer, number, settings_, stored);
  head.threshold =
      pruning_.pruning ? least_score(layer.threshold, head.codes->unit()) : kNoThreshold;
  head.record =
      std::make_unique<LeopardRecord>(sequences_[s], group.layer, number, settings_, fidelity_);
  head.record->begin(*head.codes, head.threshold);
}

GroupSteps Decider::decide(const Group& group) {
  GroupSteps steps(static_cast<std::size_t>(group.rows()));
  const auto queries = static_cast<std::size_t>(group.problem.queries);
  for (std::int64_t h = 0; h < group.heads; ++h) load(group, group.first_head + h);
  parallel_for(static_cast<std::size_t>(group.heads), threads_, [&](std::size_t h) {
    decide_head(group, group.first_head + static_cast<std::int64_t>(h),
                std::span(steps).subspan(h * queries, queries));
  });
  return steps;
}

void Decider::decide_head(const Group& group, std::int64_t number,
                          std::span<std::vector<std::uint8_t>> rows) {
  Head& head =
      layers_[static_cast<std::size_t>(group.sequence)][static_cast<std::size_t>(group.layer)]
          .heads[static_cast<std::size_t>(number)];
  const std::int64_t all = pruning_.steps();
  BitSerialQuery decided;
  for (std::int64_t i = 0; i < group.problem.queries; ++i) {
    const std::int64_t query = group.problem.first_query + i;
    head.codes->decide(query, group.problem.visible(i), head.threshold, decided);
    if (!pruning_.early_termination) std::ranges::fill(decided.steps, all);
    head.record->add(query, decided, *head.codes);
    auto& keys = rows[static_cast<std::size_t>(i)];
    for (const std::int64_t steps : decided.steps) keys.push_back(static_cast<std::uint8_t>(steps));
    for (const std::int32_t key : decided.survivors)
      keys[static_cast<std::size_t>(key)] |= KeySteps::kSurvives;
  }
}

LeopardDecisions Decider::take(std::int64_t sequence, HeadMaps* maps) {
  const auto s = static_cast<std::size_t>(sequence);
  const Trace& trace = sequences_[s];
  LeopardDecisions decisions;
  decisions.causal = trace.stage() == Stage::Decode || trace.causal();
  for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
    Layer& of_layer = layers_[s][static_cast<std::size_t>(layer)];
    const std::vector<Problem> all = problems(trace, layer);
    std::vector<LeopardHeadDecisions> heads(of_layer.heads.size());
    parallel_for(heads.size(), threads_,
                 [&](std::size_t h) { heads[h] = of_layer.heads[h].record->finish(trace, all); });
    for (const LeopardHeadDecisions& head : heads)
      if (HeadMap* const map = find_map(maps, sequence, layer, head.head))
        map->keep(of_layer.heads[static_cast<std::size_t>(head.head)].record->survivors());
    decisions.add({layer, trace.shape(layer), of_layer.threshold, {}, {}}, std::move(heads));
  }
  return decisions;
}

}  // namespace hdp::leopard
