// SPDX-License-Identifier: Apache-2.0
#include "prune/cascade_head.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "prune/output_codes.hpp"
#include <hdp/numeric/fixed_point.hpp>

namespace hdp {
namespace {

template <class T>
void gather_rows(const Matrix<T>& from, std::span<const std::int32_t> rows, std::int64_t first,
                 Matrix<T>& to) {
  to.resize(std::ssize(rows), from.columns());
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::ranges::copy(from.row(first + rows[i]), to.row(static_cast<std::int64_t>(i)).begin());
}

void gather_planes(const HdpPlanes& from, std::span<const std::int32_t> rows, std::int64_t first,
                   HdpPlanes& to) {
  gather_rows(from.code, rows, first, to.code);
  gather_rows(from.integer, rows, first, to.integer);
  gather_rows(from.fraction, rows, first, to.fraction);
}

}  // namespace

CascadeHead::CascadeHead(const Trace& trace, std::int64_t layer, std::int64_t head,
                         const HdpFormats& formats, const HdpSettings& settings)
    : planner_(settings), scorer_(settings) {
  all_.load(trace, layer, head, formats, settings, true);
  if (settings.probability) estimator_.emplace(settings, formats.qk.fraction_bits);
  live_.d = all_.d;
  live_.fraction_bits = all_.fraction_bits;
  read_values(trace, layer, TensorKind::Q, head, q_);
  read_values(trace, layer, TensorKind::K, trace.kv_head(layer, head), k_);
  read_values(trace, layer, TensorKind::V, trace.kv_head(layer, head), v_);
  dense_.load(std::as_const(k_).view(), std::as_const(v_).view());
  p_.resize(1, k_.rows());
  reference_.resize(1, v_.columns());
  out_.resize(static_cast<std::size_t>(v_.columns()));
  out_codes_.resize(out_.size());
  const LayerShape& shape = trace.shape(layer);
  values_.add_values(all_, head, shape.heads / shape.kv_heads);
}

void CascadeHead::gather(const Problem& problem, std::span<const std::int32_t> queries,
                         std::span<const std::int32_t> tokens) {
  gather_planes(all_.q, queries, problem.first_query, live_.q);
  gather_planes(all_.k, tokens, 0, live_.k);
  gather_rows(all_.v, tokens, 0, live_.v);
  planner_.load(std::as_const(live_.q.integer).view(), std::as_const(live_.k.integer).view());
  scorer_.load(live_);
  if (estimator_) estimator_->load(live_);
}

CascadeShare CascadeHead::play(const Problem& problem, std::span<const std::int32_t> queries,
                               std::span<const std::int32_t> tokens, HdpPlan* plan) {
  CascadeShare share;
  share.counts = std::exchange(values_, {});
  std::ranges::fill(out_, 0.0);
  row_.keys.clear();
  if (plan == nullptr) {
    for (const std::int32_t query : queries) compare(problem, query, tokens, share);
    return share;
  }
  gather(problem, queries, tokens);
  const Problem live{0, std::ssize(queries), std::ssize(tokens), problem.causal};
  planner_.plan(live, *plan);
  if (estimator_) estimator_->estimate(*plan);
  share.entries = live.entries();
  share.importance.assign(static_cast<std::size_t>(k_.rows()), 0);
  for (std::int64_t i = 0; i < live.queries; ++i) {
    scorer_.scores(*plan, i, row_);
    keep_survivors(*plan, i, row_);
    scorer_.output(*plan, i, row_, out_);
    if (plan->head_kept) {
      const std::span<const double> p = scorer_.probabilities();
      const bool all = p.size() != row_.keys.size();  // masked entries have a share too
      for (std::size_t j = 0; j < p.size(); ++j) {
        const std::size_t key = all ? j : static_cast<std::size_t>(row_.keys[j]);
        share.importance[static_cast<std::size_t>(tokens[key])] +=
            static_cast<std::int64_t>(std::nearbyint(p[j] * kProbabilityOne));
      }
    }
    quantise(kOutputFormat, out_, out_codes_);
    for (const std::int32_t code : out_codes_) share.out_abs_sum += std::abs(code);
    compare(problem, queries[static_cast<std::size_t>(i)], tokens, share);
  }
  // Where the queries lie in memory: those of a prefill close up, a step has a row of its own.
  if (problem.queries == 1) plan->problem.first_query = problem.first_query;
  return share;
}

void CascadeHead::compare(const Problem& problem, std::int64_t query,
                          std::span<const std::int32_t> tokens, CascadeShare& share) {
  dense_.rows(std::as_const(q_).view().slice(problem.first_query + query, 1),
              problem.visible(query), 0, p_.view(), reference_.view());
  share.error.add(out_, std::as_const(reference_).row(0));
  const std::span<const double> p = std::as_const(p_).row(0);
  for (const std::int32_t key : row_.keys)
    share.mass += p[static_cast<std::size_t>(tokens[static_cast<std::size_t>(key)])];
}

}  // namespace hdp
