// SPDX-License-Identifier: Apache-2.0
#include "prune/spatten_record.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "prune/dense_comparison.hpp"
#include <hdp/base/parallel.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

SpattenHeadRecord::SpattenHeadRecord(const Trace& trace, std::int64_t layer, std::int64_t head)
    : lsb_rows_(1, trace.shape(layer).n_q),
      values_kept_(trace.shape(layer).n_q, trace.shape(layer).n_k),
      p_row_(static_cast<std::size_t>(trace.shape(layer).n_k), 0),
      out_row_(static_cast<std::size_t>(trace.shape(layer).d), 0),
      used_(static_cast<std::size_t>(trace.shape(layer).n_k), false),
      computed_(static_cast<std::size_t>(trace.shape(layer).n_q), false),
      out_(trace.shape(layer).n_q, trace.shape(layer).d) {
  result_.head = head;
  result_.kv_head = trace.kv_head(layer, head);
}

void SpattenHeadRecord::count_saturated(const SpattenHead& head) {
  result_.counts.q_saturated = head.q_saturated;
  result_.counts.k_saturated = head.k_saturated;
  result_.counts.v_saturated = head.v_saturated;
}

void SpattenHeadRecord::begin_problem(bool live) {
  result_.live.push_back(live);
  problem_out_abs_sum_ = 0;
}

void SpattenHeadRecord::skip_row() {
  std::ranges::fill(p_row_, 0);
  std::ranges::fill(out_row_, 0);
  p_digest_.update_integers(p_row_);
  out_digest_.update_integers(out_row_);
}

void SpattenHeadRecord::add_row(std::int64_t query, std::span<const std::int32_t> keys,
                                const SpattenQuery& row) {
  std::ranges::fill(p_row_, 0);
  for (std::size_t j = 0; j < keys.size(); ++j) {
    p_row_[static_cast<std::size_t>(keys[j])] = row.codes[j];
    result_.p.add(row.codes[j]);
    result_.scores.add(row.scores[j]);
  }
  p_digest_.update_integers(p_row_);
  for (std::size_t x = 0; x < row.out.size(); ++x) {
    out_row_[x] = row.out[x];
    result_.out.add(row.out[x]);
    problem_out_abs_sum_ += std::abs(row.out[x]);
    result_.out_abs_sum += std::abs(row.out[x]);
  }
  out_digest_.update_integers(out_row_);
  for (const std::int32_t key : row.kept) {
    values_kept_.set(query, key);
    used_[static_cast<std::size_t>(key)] = true;
  }
  if (row.fetched_lsb) lsb_rows_.set(0, query);
  SpattenCounts& counts = result_.counts;
  counts.entries += std::ssize(keys);
  counts.lsb_rows += static_cast<std::int64_t>(row.fetched_lsb);
  counts.values_kept += std::ssize(row.kept);
  counts.near_ties += row.near_ties;
  counts.out_saturated += row.out_saturated;
  computed_[static_cast<std::size_t>(query)] = true;
  std::ranges::copy(row.out_values, out_.row(query).begin());
}

SpattenHeadDecisions SpattenHeadRecord::finish(const Trace& trace, std::int64_t layer,
                                               const std::vector<Problem>& problems) {
  result_.value_rows_used = std::ranges::count(used_, true);
  result_.lsb_rows_sha256 = lsb_rows_.sha256();
  result_.values_kept_sha256 = values_kept_.sha256();
  result_.p_sha256 = p_digest_.hex();
  result_.out_sha256 = out_digest_.hex();
  const DenseComparison dense = compare_with_dense(
      trace, layer, result_.head, problems, std::as_const(out_).view(), values_kept_, computed_);
  result_.error = dense.error;
  result_.mass = dense.mass;
  result_.rows = dense.rows;
  return std::move(result_);
}

SpattenLayerRecord::SpattenLayerRecord(const Trace& trace, std::int64_t layer,
                                       std::int64_t problems)
    : live_(problems, trace.shape(layer).n_k), kept_(problems, trace.shape(layer).n_k) {
  result_.layer = layer;
  result_.shape = trace.shape(layer);
  for (std::int64_t head = 0; head < result_.shape.heads; ++head)
    heads_.emplace_back(trace, layer, head);
}

void SpattenLayerRecord::add_ranking(const std::vector<std::int32_t>& live, const Ranking& kept,
                                     std::span<const std::int64_t> importance, const Ranking& heads,
                                     const std::vector<std::int64_t>& head_importance) {
  const auto problem = std::ssize(result_.live_tokens);
  for (const std::int32_t token : live) live_.set(problem, token);
  for (const std::int32_t token : kept.kept) kept_.set(problem, token);
  importance_digest_.update_integers(importance);
  result_.live_tokens.push_back(std::ssize(live));
  result_.kept_tokens.push_back(std::ssize(kept.kept));
  result_.last_tokens_live = live;
  result_.last_tokens_kept = kept.kept;
  result_.last_token_importance.assign(importance.begin(), importance.end());
  result_.heads_kept.push_back(heads.kept);
  result_.head_importance.push_back(head_importance);
  const auto smallest = [](std::optional<std::int64_t>& all, std::optional<std::int64_t> one) {
    if (one) all = std::min(all.value_or(*one), *one);
  };
  smallest(result_.token_cut_margin, kept.margin);
  smallest(result_.head_cut_margin, heads.margin);
}

SpattenLayerDecisions SpattenLayerRecord::finish(const Trace& trace,
                                                 const std::vector<Problem>& problems,
                                                 unsigned threads) {
  result_.tokens_live_sha256 = live_.sha256();
  result_.tokens_kept_sha256 = kept_.sha256();
  result_.token_importance_sha256 = importance_digest_.hex();
  result_.heads.resize(heads_.size());
  parallel_for(heads_.size(), threads, [&](std::size_t h) {
    result_.heads[h] = heads_[h].finish(trace, result_.layer, problems);
  });
  const std::int64_t group = result_.shape.heads / result_.shape.kv_heads;
  for (const SpattenHeadDecisions& head : result_.heads) {
    SpattenCounts counts = head.counts;
    if (head.head % group != 0) counts.k_saturated = counts.v_saturated = 0;  // stored once
    result_.counts.add(counts);
  }
  return std::move(result_);
}

}  // namespace hdp
