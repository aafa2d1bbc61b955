// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>

#include <hdp/prune/hdp_estimator.hpp>

namespace hdp {
namespace {

ProbabilityRule rule_of(const HdpSettings& settings, std::int64_t fraction_bits) {
  ProbabilityRule rule{.threshold = settings.probability->threshold,
                       .chunk_bits = {settings.word_bits - fraction_bits}};
  for (const std::int64_t bits : fraction_chunks(settings, fraction_bits))
    rule.chunk_bits.push_back(bits);
  return rule;
}

void add_lists(std::vector<std::int64_t>& to, const std::vector<std::int64_t>& from) {
  if (to.size() < from.size()) to.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) to[i] += from[i];
}

}  // namespace

std::int64_t EstimateCounts::chunks_fetched() const {
  return std::accumulate(fetched_per_chunk.begin(), fetched_per_chunk.end(), std::int64_t{0});
}

void EstimateCounts::add(const EstimateCounts& other) {
  entries += other.entries;
  add_lists(pruned_after, other.pruned_after);
  add_lists(fetched_per_chunk, other.fetched_per_chunk);
  survivors += other.survivors;
  empty_rows += other.empty_rows;
  near_ties += other.near_ties;
}

HdpEstimator::HdpEstimator(const HdpSettings& settings, std::int64_t fraction_bits)
    : approximation_(settings.approximation),
      fraction_bits_(fraction_bits),
      bound_(rule_of(settings, fraction_bits)) {}

void HdpEstimator::estimate(HdpPlan& plan) {
  plan.estimates.clear();
  plan.estimate_counts = EstimateCounts(bound_.rule().chunk_bits.size() - 1);
  if (!plan.head_kept) return;
  for (std::int64_t i = 0; i < plan.problem.queries; ++i) {
    keys_.clear();
    for_each_kept(plan, i,
                  [&](std::int64_t key) { keys_.push_back(static_cast<std::int32_t>(key)); });
    estimate_row(plan.problem.first_query + i, plan.estimates.add_row(keys_.size()),
                 plan.estimate_counts);
  }
}

void HdpEstimator::estimate_row(std::int64_t query, std::span<EntryFate> fates,
                                EstimateCounts& counts) {
  const auto row = approximation_ ? head_->q.integer.row(query) : head_->q.code.row(query);
  query_.assign(row.begin(), row.end());
  if (approximation_)
    for (std::int32_t& q : query_) q *= std::int32_t{1} << fraction_bits_;
  const double unit = 1.0 / static_cast<double>(std::int64_t{1} << (2 * fraction_bits_));
  bound_.begin(query_, unit / std::sqrt(static_cast<double>(head_->d)), std::ssize(keys_));
  partials_.resize(keys_.size());
  live_.resize(keys_.size());
  std::iota(live_.begin(), live_.end(), std::size_t{0});
  const auto at = [](std::size_t place) { return static_cast<std::int64_t>(place); };
  // False where the entry's next chunk is not wanted.
  const auto goes_on = [&](std::size_t t, std::size_t chunk, Verdict verdict) {
    fates[t].survives = verdict == Verdict::Keep;
    counts.survivors += static_cast<std::int64_t>(verdict == Verdict::Keep);
    counts.pruned_after[chunk] += static_cast<std::int64_t>(verdict == Verdict::Drop);
    return verdict == Verdict::Next;
  };
  for (const std::size_t t : live_) {
    partials_[t] = integer_part(query, keys_[t]);
    bound_.learn(at(t), 0, partials_[t]);
  }
  std::erase_if(live_,
                [&](std::size_t t) { return !goes_on(t, 0, bound_.judge(0, partials_[t])); });
  for (std::int64_t chunk = 1; chunk < bound_.rule().chunks(); ++chunk) {
    const auto c = static_cast<std::size_t>(chunk);
    counts.fetched_per_chunk[c - 1] += std::ssize(live_);
    std::erase_if(live_, [&](std::size_t t) {
      partials_[t] += chunk_part(keys_[t], chunk);
      ++fates[t].chunks;
      return !goes_on(t, c, bound_.observe(at(t), chunk, partials_[t]));
    });
  }
  const auto survives = [](const EntryFate& fate) { return fate.survives; };
  counts.entries += std::ssize(keys_);
  counts.empty_rows +=
      static_cast<std::int64_t>(!keys_.empty() && std::ranges::none_of(fates, survives));
  counts.near_ties += bound_.near_ties();
}

std::int64_t HdpEstimator::integer_part(std::int64_t query, std::int32_t key) const {
  const auto q = head_->q.code.row(query);
  const auto k = head_->k.integer.row(key);
  std::int64_t sum = 0;
  for (std::size_t e = 0; e < q.size(); ++e) sum += std::int64_t{q[e]} * k[e];
  return sum * (std::int64_t{1} << fraction_bits_);
}

std::int64_t HdpEstimator::chunk_part(std::int32_t key, std::int64_t chunk) const {
  const std::int64_t unread = bound_.rule().unread_bits(chunk);
  const std::int32_t mask =
      (std::int32_t{1} << bound_.rule().chunk_bits[static_cast<std::size_t>(chunk)]) - 1;
  const auto k = head_->k.fraction.row(key);
  std::int64_t sum = 0;
  for (std::size_t e = 0; e < k.size(); ++e)
    sum += std::int64_t{query_[e]} * ((k[e] >> unread) & mask);
  return sum * (std::int64_t{1} << unread);
}

}  // namespace hdp
