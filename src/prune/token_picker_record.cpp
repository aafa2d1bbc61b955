// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "prune/dense_comparison.hpp"
#include <hdp/numeric/softmax.hpp>
#include <hdp/prune/token_picker_record.hpp>

namespace hdp {

TokenPickerRecord::TokenPickerRecord(const Trace& trace, std::int64_t layer, std::int64_t head,
                                     const TokenPickerSettings& settings, bool fidelity)
    : layer_(layer),
      threshold_(settings.rule.threshold),
      fidelity_(fidelity),
      survivors_(trace.shape(layer).n_q, trace.shape(layer).n_k),
      fetched_row_(static_cast<std::size_t>(trace.shape(layer).n_k)),
      computed_(static_cast<std::size_t>(trace.shape(layer).n_q), false),
      out_(fidelity ? trace.shape(layer).n_q : 0, trace.shape(layer).d) {
  result_.head = head;
  result_.kv_head = trace.kv_head(layer, head);
  result_.fetched_per_chunk.resize(settings.rule.chunk_bits.size());
  result_.pruned_after_chunk.resize(settings.rule.chunk_bits.size());
}

void TokenPickerRecord::count_saturated(const TokenPickerHead& head) {
  result_.sigma = head.sigma();
  result_.counts.q_saturated = head.query_saturated();
  result_.counts.k_saturated = head.key_values().key_saturated;
  result_.counts.v_saturated = head.key_values().values().saturated();
}

void TokenPickerRecord::add(std::int64_t query, std::span<const std::int64_t> scores,
                            const TokenPickerQuery& picked, const TokenPickerHead& head) {
  TokenPickerCounts& counts = result_.counts;
  counts.tokens += std::ssize(scores);
  counts.near_ties += picked.near_ties;
  counts.value_rows_fetched += std::ssize(picked.survivors);
  counts.empty_rows += static_cast<std::int64_t>(picked.survivors.empty());
  for (const std::int32_t token : picked.survivors) survivors_.set(query, token);
  p_.resize(scores.size());
  for (std::size_t i = 0; i < p_.size(); ++i) {
    p_[i] = head.sigma() * static_cast<double>(scores[i]);
    result_.scores.add(scores[i]);
  }
  softmax(p_);
  std::ranges::fill(fetched_row_, 0);
  std::int64_t fetched = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const std::int64_t chunks = picked.chunks[i];
    fetched_row_[i] = chunks;
    fetched += chunks;
    for (std::int64_t c = 0; c < chunks; ++c)
      ++result_.fetched_per_chunk[static_cast<std::size_t>(c)];
    if (survivors_.get(query, static_cast<std::int64_t>(i))) continue;
    ++result_.pruned_after_chunk[static_cast<std::size_t>(chunks - 1)];
    counts.safety_violations += static_cast<std::int64_t>(p_[i] > threshold_);
  }
  counts.chunks_fetched += fetched;
  fetched_digest_.update_integers(fetched_row_);
  result_.chunks_fetched_per_query.push_back(fetched);
  result_.value_rows_per_query.push_back(std::ssize(picked.survivors));
  if (fidelity_) head.output(scores, picked.survivors, out_.row(query));
  computed_[static_cast<std::size_t>(query)] = true;
}

TokenPickerHeadDecisions TokenPickerRecord::finish(const Trace& trace,
                                                   std::span<const Problem> problems) {
  result_.survivors_sha256 = survivors_.sha256();
  result_.fetched_sha256 = fetched_digest_.hex();
  if (!fidelity_) return std::move(result_);
  const DenseComparison dense = compare_with_dense(
      trace, layer_, result_.head, problems, std::as_const(out_).view(), survivors_, computed_);
  result_.error = dense.error;
  result_.mass_kept = dense.mass_kept();
  return std::move(result_);
}

}  // namespace hdp
