// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <utility>

#include "prune/dense_comparison.hpp"
#include <hdp/prune/leopard_record.hpp>

namespace hdp {

LeopardRecord::LeopardRecord(const Trace& trace, std::int64_t layer, std::int64_t head,
                             const LeopardSettings& settings, bool fidelity)
    : layer_(layer),
      fidelity_(fidelity),
      survivors_(trace.shape(layer).n_q, trace.shape(layer).n_k),
      steps_(static_cast<std::size_t>(trace.shape(layer).n_k)),
      computed_(static_cast<std::size_t>(trace.shape(layer).n_q), false),
      out_(fidelity ? trace.shape(layer).n_q : 0, trace.shape(layer).d) {
  result_.head = head;
  result_.kv_head = trace.kv_head(layer, head);
  result_.counts.pruned_at_step.resize(static_cast<std::size_t>(settings.rule().steps()));
}

void LeopardRecord::begin(const LeopardHead& head, std::int64_t threshold) {
  result_.threshold = threshold;
  result_.counts.q_saturated = head.query_saturated();
  result_.counts.k_saturated = head.stored().key_saturated();
  result_.counts.v_saturated = head.stored().values().saturated();
}

void LeopardRecord::add(std::int64_t query, const BitSerialQuery& decided,
                        const LeopardHead& head) {
  LeopardCounts& counts = result_.counts;
  counts.pairs += std::ssize(decided.steps);
  counts.survivors += std::ssize(decided.survivors);
  counts.empty_rows += static_cast<std::int64_t>(decided.survivors.empty());
  result_.survivors_per_query.push_back(std::ssize(decided.survivors));
  std::ranges::fill(std::ranges::copy(decided.steps, steps_.begin()).out, steps_.end(), 0);
  steps_digest_.update_integers(steps_);
  for (const std::int64_t steps : decided.steps)
    ++counts.pruned_at_step[static_cast<std::size_t>(steps - 1)];
  counts.pruned_at_step.back() -= std::ssize(decided.survivors);
  kept_.clear();
  for (const std::int32_t key : decided.survivors) {
    survivors_.set(query, key);
    kept_.push_back(decided.scores[static_cast<std::size_t>(key)]);
    result_.scores.add(kept_.back());
  }
  score_digest_.update_integers(kept_);
  if (fidelity_) head.output(decided, out_.row(query));
  computed_[static_cast<std::size_t>(query)] = true;
}

LeopardHeadDecisions LeopardRecord::finish(const Trace& trace, std::span<const Problem> problems) {
  result_.survivors_sha256 = survivors_.sha256();
  result_.steps_sha256 = steps_digest_.hex();
  result_.score_sha256 = score_digest_.hex();
  if (!fidelity_) return std::move(result_);
  const DenseComparison dense = compare_with_dense(
      trace, layer_, result_.head, problems, std::as_const(out_).view(), survivors_, computed_);
  result_.error = dense.error;
  result_.mass_kept = dense.mass_kept();
  return std::move(result_);
}

}  // namespace hdp
