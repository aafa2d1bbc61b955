// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "prune/scaled_codes.hpp"
#include <hdp/numeric/integer_product.hpp>
#include <hdp/prune/token_picker_head.hpp>

namespace hdp {
namespace {

/// Sum of q * (k with its `unread` low bits 0), in sums of type Sum, which must hold it.
template <class Sum, class Code>
Sum product(const Code* q, const Code* k, std::size_t d, std::int64_t unread) {
  const auto known = static_cast<Code>(-(std::int64_t{1} << unread));
  Sum sum = 0;
  for (std::size_t e = 0; e < d; ++e) sum += Sum{q[e]} * Sum{static_cast<Code>(k[e] & known)};
  return sum;
}

template <class Sum, class Code>
void multiply(std::span<const std::int32_t> query, const Matrix<Code>& keys,
              const ProbabilityRule& rule, Matrix<std::int64_t>& out) {
  const std::vector<Code> q(query.begin(), query.end());
  for (std::int64_t chunk = 0; chunk < rule.chunks(); ++chunk) {
    const std::int64_t unread = rule.unread_bits(chunk);
    const auto row = out.row(chunk);
    for (std::size_t t = 0; t < row.size(); ++t)
      row[t] =
          product<Sum>(q.data(), keys.row(static_cast<std::int64_t>(t)).data(), q.size(), unread);
  }
}

}  // namespace

KeyValueCodes::KeyValueCodes(const Trace& trace, std::int64_t layer, std::int64_t stored,
                             const TokenPickerSettings& settings)
    : values_(trace, layer, stored, settings) {
  ScaledCodes k =
      scaled_codes(trace, layer, TensorKind::K, stored, settings.k_bits, settings.k_scale);
  key_unit = k.unit;
  key_saturated = k.saturated;
  // Queries may be wider than keys: both have the same words.
  k_ = narrowed(std::move(k.codes), std::max(settings.q_bits, settings.k_bits));
}

void KeyValueCodes::partials(std::span<const std::int32_t> query, std::int64_t tokens,
                             const ProbabilityRule& rule, Matrix<std::int64_t>& out) const {
  out.resize(rule.chunks(), tokens);
  if (const auto* const wide = std::get_if<Matrix<std::int32_t>>(&k_))
    return multiply<std::int64_t>(query, *wide, rule, out);
  const auto& narrow = std::get<Matrix<std::int16_t>>(k_);
  std::int64_t bound = 0;  // of a product with keys of 16 bits
  for (const std::int32_t q : query) bound += std::abs(std::int64_t{q}) * (std::int64_t{1} << 15);
  if (bound <= std::numeric_limits<std::int32_t>::max())
    multiply<std::int32_t>(query, narrow, rule, out);
  else
    multiply<std::int64_t>(query, narrow, rule, out);
}

TokenPickerHead::TokenPickerHead(const Trace& trace, std::int64_t layer, std::int64_t head,
                                 const TokenPickerSettings& settings,
                                 std::shared_ptr<const KeyValueCodes> key_values)
    : rule_(settings.rule), key_values_(std::move(key_values)) {
  ScaledCodes q =
      scaled_codes(trace, layer, TensorKind::Q, head, settings.q_bits, settings.q_scale);
  sigma_ = q.unit * key_values_->key_unit / std::sqrt(static_cast<double>(trace.shape(layer).d));
  saturated_ = q.saturated;
  q_ = std::move(q.codes);
}

}  // namespace hdp
