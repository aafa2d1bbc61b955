// SPDX-License-Identifier: Apache-2.0
#include "prune/spatten_head.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "prune/output_codes.hpp"
#include "prune/scaled_codes.hpp"
#include <hdp/numeric/fixed_point.hpp>
#include <hdp/numeric/softmax.hpp>
#include <hdp/prune/top_k.hpp>

namespace hdp {
namespace {

constexpr double kNearTie = 1e-8;

}  // namespace

SpattenStored::SpattenStored(const Trace& trace, std::int64_t layer, std::int64_t kv_head,
                             const SpattenSettings& settings) {
  ScaledCodes keys =
      scaled_codes(trace, layer, TensorKind::K, kv_head, settings.key_bits(), settings.k_scale);
  k_unit = keys.unit;
  k_saturated = keys.saturated;
  k = std::move(keys.codes);
  ScaledCodes values =
      scaled_codes(trace, layer, TensorKind::V, kv_head, settings.v_bits, settings.v_scale);
  v_unit = values.unit;
  v_saturated = values.saturated;
  v = std::move(values.codes);
  const std::int64_t row_max = FixedPoint{settings.q_bits, 0}.limit();
  full.load(std::as_const(k).view(), row_max);
  if (!settings.progressive) return;
  k_msb = k;
  const std::int64_t lsb = settings.progressive->lsb;
  for (std::int32_t& code : k_msb.values()) code = (code >> lsb) * (std::int32_t{1} << lsb);
  msb.load(std::as_const(k_msb).view(), row_max);
}

SpattenHead::SpattenHead(const Trace& trace, std::int64_t layer, std::int64_t head,
                         const SpattenSettings& settings, std::shared_ptr<SpattenStored> stored)
    : settings_(settings), stored_(std::move(stored)) {
  ScaledCodes q =
      scaled_codes(trace, layer, TensorKind::Q, head, settings.q_bits, settings.q_scale);
  q_saturated = q.saturated;
  k_saturated = stored_->k_saturated;
  v_saturated = stored_->v_saturated;
  score_scale_ = q.unit * stored_->k_unit / std::sqrt(static_cast<double>(trace.shape(layer).d));
  q_ = std::move(q.codes);
  by_key_.resize(static_cast<std::size_t>(stored_->k.rows()));
}

void SpattenHead::row(std::int64_t query, std::span<const std::int32_t> keys,
                      SpattenQuery& result) {
  result.near_ties = 0;
  result.fetched_lsb = false;
  if (settings_.progressive) {
    pass(stored_->msb, query, keys, result);
    const auto largest = static_cast<double>(*std::ranges::max_element(result.codes));
    result.fetched_lsb = largest < settings_.progressive->threshold * kProbabilityOne;
  }
  if (!settings_.progressive || result.fetched_lsb) pass(stored_->full, query, keys, result);
  keep_values(keys, result);
  output(result);
}

void SpattenHead::pass(IntegerProduct& product, std::int64_t query,
                       std::span<const std::int32_t> keys, SpattenQuery& result) {
  const auto columns = static_cast<std::int64_t>(keys.back()) + 1;
  const auto rows = std::as_const(q_).view().slice(query, 1);
  result.scores.resize(keys.size());
  const auto take = [&](auto& all) {
    all.resize(static_cast<std::size_t>(columns));
    product.multiply(rows, columns, {all.data(), 1, columns});
    for (std::size_t i = 0; i < keys.size(); ++i)
      result.scores[i] = all[static_cast<std::size_t>(keys[i])];
  };
  if (product.bound() <= std::numeric_limits<std::int32_t>::max())
    take(narrow_);
  else
    take(wide_);
  p_.resize(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i)
    p_[i] = static_cast<double>(result.scores[i]) * score_scale_;
  softmax(p_);
  result.codes.resize(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const double scaled = p_[i] * kProbabilityOne;
    result.codes[i] = static_cast<std::int64_t>(std::nearbyint(scaled));
    if (std::abs(scaled - std::floor(scaled) - 0.5) < kNearTie) ++result.near_ties;
  }
}

/// Local value pruning: the largest codes keep their rows of V.
void SpattenHead::keep_values(std::span<const std::int32_t> keys, SpattenQuery& result) {
  for (std::size_t i = 0; i < keys.size(); ++i)
    by_key_[static_cast<std::size_t>(keys[i])] = result.codes[i];
  const std::int64_t live = std::ssize(keys);
  top_k(by_key_, keys, kept_count(settings_.value_keep, static_cast<double>(live), live),
        result.kept);
}

void SpattenHead::output(SpattenQuery& result) {
  const auto d = static_cast<std::size_t>(stored_->v.columns());
  sums_.assign(d, 0);
  for (const std::int32_t key : result.kept) {
    const std::int64_t code = by_key_[static_cast<std::size_t>(key)];
    if (code == 0) continue;
    const auto row = std::as_const(stored_->v).row(key);
    for (std::size_t x = 0; x < d; ++x) sums_[x] += code * row[x];
  }
  result.out_values.resize(d);
  for (std::size_t x = 0; x < d; ++x)
    result.out_values[x] = static_cast<double>(sums_[x]) * stored_->v_unit / kProbabilityOne;
  result.out.resize(d);
  result.out_saturated = quantise(kOutputFormat, result.out_values, result.out);
}

}  // namespace hdp
