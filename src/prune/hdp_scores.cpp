// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>

#include "numeric/vector_width.hpp"
#include <hdp/numeric/softmax.hpp>
#include <hdp/prune/hdp_scores.hpp>

namespace hdp {
namespace {

/// Sums of 16-bit products in 32 bits, one row with many: the compilers' dot-product idiom.
[[gnu::always_inline]] inline void narrow_products_of(const std::int16_t* a, std::size_t length,
                                                      const std::int16_t* rows,
                                                      std::span<const std::int32_t> indices,
                                                      std::int64_t* products) {
  for (const std::int32_t index : indices) {
    const std::int16_t* const b = rows + static_cast<std::size_t>(index) * length;
    std::int32_t sum = 0;
    for (std::size_t e = 0; e < length; ++e) sum += std::int32_t{a[e]} * b[e];
    *products++ = sum;
  }
}

void narrow_products(const std::int16_t* a, std::size_t length, const std::int16_t* rows,
                     std::span<const std::int32_t> indices, std::int64_t* products) {
  narrow_products_of(a, length, rows, indices, products);
}

HDP_TARGET_AVX2 void narrow_products_avx2(const std::int16_t* a, std::size_t length,
                                          const std::int16_t* rows,
                                          std::span<const std::int32_t> indices,
                                          std::int64_t* products) {
  narrow_products_of(a, length, rows, indices, products);
}

std::int64_t wide_product(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  std::int64_t sum = 0;
  for (std::size_t e = 0; e < a.size(); ++e) sum += std::int64_t{a[e]} * b[e];
  return sum;
}

/// [left | right] of every row, in 16 bits.
void join(const Matrix<std::int32_t>& left, const Matrix<std::int32_t>& right,
          Matrix<std::int16_t>& joined) {
  joined.resize(left.rows(), left.columns() + right.columns());
  if (left.rows() == 0) return;  // blocks of no storage
  joined.eigen().leftCols(left.columns()) = left.eigen().cast<std::int16_t>();
  joined.eigen().rightCols(right.columns()) = right.eigen().cast<std::int16_t>();
}

constexpr std::int64_t kTile = 8;  // output dimensions accumulated at a time

/// out[e] = sum over t of p[t] * v[keys[t]][e], summed in the order of the keys; v is [n, d].
[[gnu::always_inline]] inline void weigh_values_of(std::span<const double> p,
                                                   std::span<const std::int32_t> keys,
                                                   const double* values, std::int64_t d,
                                                   double* out) {
  std::int64_t e = 0;
  for (; e + kTile <= d; e += kTile) {
    double sums[kTile] = {};
    for (std::size_t t = 0; t < keys.size(); ++t) {
      const double* const row = values + keys[t] * d + e;
      for (std::int64_t lane = 0; lane < kTile; ++lane) sums[lane] += p[t] * row[lane];
    }
    std::copy_n(sums, kTile, out + e);
  }
  for (; e < d; ++e) {
    double sum = 0;
    for (std::size_t t = 0; t < keys.size(); ++t) sum += p[t] * values[keys[t] * d + e];
    out[e] = sum;
  }
}

void weigh_values(std::span<const double> p, std::span<const std::int32_t> keys,
                  const double* values, std::int64_t d, double* out) {
  weigh_values_of(p, keys, values, d, out);
}

HDP_TARGET_AVX2 void weigh_values_avx2(std::span<const double> p,
                                       std::span<const std::int32_t> keys, const double* values,
                                       std::int64_t d, double* out) {
  weigh_values_of(p, keys, values, d, out);
}

}  // namespace

void keep_survivors(const HdpPlan& plan, std::int64_t i, ScoreRow& row) {
  if (plan.estimates.empty()) return;
  const std::span<const EntryFate> fates = plan.estimates.row(i);
  std::size_t kept = 0;
  for (std::size_t t = 0; t < fates.size(); ++t) {
    if (!fates[t].survives) continue;
    row.keys[kept] = row.keys[t];
    row.scores[kept++] = row.scores[t];
  }
  row.keys.resize(kept);
  row.scores.resize(kept);
}

void HdpScorer::load(const HdpHead& head) {
  head_ = &head;
  all_keys_.resize(static_cast<std::size_t>(head.k.code.rows()));
  std::iota(all_keys_.begin(), all_keys_.end(), 0);
  const std::int64_t k_code = max_abs(head.k.code.values());
  const std::int64_t k_integer = max_abs(head.k.integer.values());
  const std::int64_t q_integer = max_abs(head.q.integer.values());
  const std::int64_t q_fraction = max_abs(head.q.fraction.values());
  narrow_ = settings_.approximation &&
            std::max({k_code, k_integer, q_integer, q_fraction}) <= INT16_MAX &&
            (q_integer * k_code + q_fraction * k_integer) * head.d <= INT32_MAX;
  if (!narrow_) return;
  join(head.q.integer, head.q.fraction, queries_);
  join(head.k.code, head.k.integer, keys_);
}

void HdpScorer::scores(const HdpPlan& plan, std::int64_t i, ScoreRow& row) {
  row.keys.clear();
  row.scores.clear();
  if (!plan.head_kept) return;
  for_each_kept(plan, i,
                [&](std::int64_t key) { row.keys.push_back(static_cast<std::int32_t>(key)); });
  const std::int64_t query = plan.problem.first_query + i;
  row.scores.resize(row.keys.size());
  if (narrow_) {
    const auto length = static_cast<std::size_t>(queries_.columns());
    (vector_width() == VectorWidth::Avx2 ? narrow_products_avx2 : narrow_products)(
        queries_.row(query).data(), length, keys_.view().data(), row.keys, row.scores.data());
    return;
  }
  std::ranges::transform(row.keys, row.scores.begin(), [&](std::int32_t key) {
    if (!settings_.approximation)
      return wide_product(head_->q.code.row(query), head_->k.code.row(key)) >> head_->fraction_bits;
    return wide_product(head_->q.integer.row(query), head_->k.code.row(key)) +
           wide_product(head_->q.fraction.row(query), head_->k.integer.row(key));
  });
}

void HdpScorer::output(const HdpPlan& plan, std::int64_t i, const ScoreRow& row,
                       std::span<double> out) {
  std::ranges::fill(out, 0.0);
  if (!plan.head_kept) return;
  const double unit = 1.0 / static_cast<double>(std::int64_t{1} << head_->fraction_bits);
  const double root = std::sqrt(static_cast<double>(head_->d));
  const auto logit = [=](std::int64_t s) { return static_cast<double>(s) * unit / root; };
  const auto weigh = vector_width() == VectorWidth::Avx2 ? weigh_values_avx2 : weigh_values;
  const double* const values = head_->v.view().data();
  if (settings_.masked == Masked::Exclude) {
    p_.resize(row.keys.size());
    std::ranges::transform(row.scores, p_.begin(), logit);
    softmax(p_);
    weigh(p_, row.keys, values, head_->d, out.data());
    return;
  }
  const auto visible = static_cast<std::size_t>(plan.problem.visible(i));
  p_.assign(visible, 0.0);
  for (std::size_t t = 0; t < row.keys.size(); ++t)
    p_[static_cast<std::size_t>(row.keys[t])] = logit(row.scores[t]);
  softmax(p_);
  weigh(p_, std::span(all_keys_).first(visible), values, head_->d, out.data());
}

}  // namespace hdp
