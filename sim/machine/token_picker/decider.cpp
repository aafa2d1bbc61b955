// SPDX-License-Identifier: Apache-2.0
#include "machine/token_picker/decider.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include <hdp/base/parallel.hpp>

namespace hdp::token_picker {

SliceDecision::SliceDecision(const TokenPickerConfig& config)
    : estimates_(config.prune.estimation), rule_(config.prune.settings().rule) {}

void SliceDecision::begin(const Slice& slice, std::span<HeadPlace* const> heads) {
  while (queries_.size() < heads.size()) queries_.push_back({ProbabilityBound(rule_), {}, {}});
  for (std::size_t h = 0; h < heads.size(); ++h) {
    Query& query = queries_[h];
    heads[h]->codes->partials(slice.query, slice.tokens, query.partials);
    query.bound.begin(heads[h]->codes->query(slice.query), heads[h]->codes->sigma(), slice.tokens);
    query.picked.chunks.assign(static_cast<std::size_t>(slice.tokens), 0);
    query.picked.survivors.clear();
  }
}

Masks SliceDecision::observe(std::int64_t token, std::int64_t chunk, std::uint32_t live) {
  Masks masks;
  const auto t = static_cast<std::size_t>(token);
  for (std::uint32_t left = live; left != 0; left &= left - 1) {
    const auto h = static_cast<std::size_t>(std::countr_zero(left));
    const std::uint32_t bit = std::uint32_t{1} << h;
    Query& query = queries_[h];
    ++query.picked.chunks[t];
    Verdict verdict = chunk + 1 == rule_.chunks() ? Verdict::Keep : Verdict::Next;
    if (estimates_) verdict = query.bound.observe(token, chunk, query.partials.row(chunk)[t]);
    if (verdict == Verdict::Next) masks.next |= bit;
    if (verdict != Verdict::Keep) continue;
    masks.keep |= bit;
    query.picked.survivors.push_back(static_cast<std::int32_t>(token));
  }
  return masks;
}

void SliceDecision::finish(const Slice& slice, std::span<HeadPlace* const> heads) {
  for (std::size_t h = 0; h < heads.size(); ++h) {
    Query& query = queries_[h];
    std::ranges::sort(query.picked.survivors);
    query.picked.near_ties = query.bound.near_ties();
    const auto scores = std::as_const(query.partials).row(query.partials.rows() - 1);
    heads[h]->record->add(slice.query, scores, query.picked, *heads[h]->codes);
  }
}

Decider::Decider(const TokenPickerConfig& config, std::span<const Trace> sequences, bool fidelity)
    : settings_(config.prune.settings()),
      sequences_(sequences),
      fidelity_(fidelity),
      decisions_(static_cast<std::size_t>(config.slices_in_flight), SliceDecision(config)) {
  for (const Trace& trace : sequences) {
    auto& layers = places_.emplace_back(static_cast<std::size_t>(trace.layers()));
    for (std::size_t l = 0; l < layers.size(); ++l) {
      const LayerShape& shape = trace.shape(static_cast<std::int64_t>(l));
      layers[l].stored.resize(static_cast<std::size_t>(shape.kv_heads));
      layers[l].heads.resize(static_cast<std::size_t>(shape.heads));
    }
  }
}

std::vector<HeadPlace*> Decider::heads_of(const Slice& slice) {
  const auto s = static_cast<std::size_t>(slice.sequence);
  LayerPlace& layer = places_[s][static_cast<std::size_t>(slice.layer)];
  std::vector<HeadPlace*> heads;
  for (std::int64_t head = slice.first_head; head < slice.first_head + slice.heads; ++head) {
    HeadPlace& place = layer.heads[static_cast<std::size_t>(head)];
    heads.push_back(&place);
    if (place.codes) continue;
    auto& stored = layer.stored[static_cast<std::size_t>(slice.stored_head)];
    if (!stored)
      stored = std::make_shared<const KeyValueCodes>(sequences_[s], slice.layer, slice.stored_head,
                                                     settings_);
    place.codes = std::make_unique<const TokenPickerHead>(sequences_[s], slice.layer, head,
                                                          settings_, stored);
    place.record =
        std::make_unique<TokenPickerRecord>(sequences_[s], slice.layer, head, settings_, fidelity_);
    place.record->count_saturated(*place.codes);
  }
  return heads;
}

void Decider::begin(std::uint32_t slot, const Slice& slice) {
  decisions_[slot].begin(slice, heads_of(slice));
}

void Decider::finish(std::uint32_t slot, const Slice& slice) {
  decisions_[slot].finish(slice, heads_of(slice));
}

TokenPickerDecisions Decider::take(std::int64_t sequence, unsigned threads, HeadMaps* maps) {
  const auto s = static_cast<std::size_t>(sequence);
  const Trace& trace = sequences_[s];
  TokenPickerDecisions decisions;
  decisions.causal = trace.causal();
  for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
    auto& heads = places_[s][static_cast<std::size_t>(layer)].heads;
    const std::vector<Problem> all = problems(trace, layer);
    std::vector<TokenPickerHeadDecisions> results(heads.size());
    parallel_for(heads.size(), threads,
                 [&](std::size_t h) { results[h] = heads[h].record->finish(trace, all); });
    for (std::size_t h = 0; h < heads.size(); ++h)
      if (HeadMap* const map = find_map(maps, sequence, layer, static_cast<std::int64_t>(h)))
        map->keep(heads[h].record->survivors());
    decisions.add({layer, trace.shape(layer), {}, {}}, std::move(results));
  }
  return decisions;
}

}  // namespace hdp::token_picker
