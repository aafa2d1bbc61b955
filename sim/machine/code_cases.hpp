// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "machine/case_settings.hpp"
#include <hdp/base/facts.hpp>
#include <hdp/numeric/error_measure.hpp>
#include <hdp/prune/code_settings.hpp>
#include <hdp/workload/magnitude.hpp>
#include <hdp/workload/trace.hpp>

// What `prune` cases of the systems that quantise by scale have alike.

namespace hdp {

inline constexpr Range kCodeBits{2, 24};

/// Reads q_bits, k_bits, v_bits, q_scale, k_scale, v_scale.
inline void read_codes(const CaseSettings& object, CodeSettings& settings) {
  constexpr Range kScale{0, kLargestScale, true};
  settings.q_bits = object.integer("q_bits", settings.q_bits, kCodeBits);
  settings.k_bits = object.integer("k_bits", settings.k_bits, kCodeBits);
  settings.v_bits = object.integer("v_bits", settings.v_bits, kCodeBits);
  settings.q_scale = object.number("q_scale", kScale);
  settings.k_scale = object.number("k_scale", kScale);
  settings.v_scale = object.number("v_scale", kScale);
}

/// The same, echoed.
inline Facts code_facts(const CodeSettings& settings) {
  return {{"q_bits", settings.q_bits},   {"k_bits", settings.k_bits},
          {"v_bits", settings.v_bits},   {"q_scale", settings.q_scale},
          {"k_scale", settings.k_scale}, {"v_scale", settings.v_scale}};
}

/// Clamped values of Q, K and V.
template <class Counts>
Facts saturated_facts(const Counts& counts) {
  return {{"q", counts.q_saturated}, {"k", counts.k_saturated}, {"v", counts.v_saturated}};
}

/// The first facts of a layer.
inline Facts layer_shape_facts(std::int64_t layer, const LayerShape& shape) {
  return {{"layer", layer}, {"n_q", shape.n_q}, {"n_k", shape.n_k}, {"d", shape.d}};
}

/// A list of what `facts_of` says of each.
template <class Items, class FactsOf>
Fact::List list_of(const Items& items, FactsOf facts_of) {
  Fact::List list;
  for (const auto& item : items) list.emplace_back(facts_of(item));
  return list;
}

/// Decisions over a trace, in the order in which they are told.
template <class Decisions, class CountsFacts, class LayerFacts>
Facts decisions_facts(const Trace& trace, const Decisions& decisions, CountsFacts counts_facts,
                      LayerFacts layer_facts) {
  Facts total = counts_facts(decisions.total);
  total.set("saturated", saturated_facts(decisions.total));
  return {{"causal", decisions.causal},
          {"decode", trace.stage() == Stage::Decode},
          {"total", std::move(total)},
          {"layers", list_of(decisions.layers, layer_facts)}};
}

/// Output against dense attention; null where a norm is 0.
inline Facts error_facts(const ErrorMeasure& error) {
  return {{"relative_frobenius", error.relative_frobenius()}, {"cosine", error.cosine()}};
}

}  // namespace hdp
