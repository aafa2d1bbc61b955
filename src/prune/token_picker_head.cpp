// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "prune/scaled_codes.hpp"
#include <hdp/numeric/softmax.hpp>
#include <hdp/prune/token_picker_head.hpp>

namespace hdp {

TokenPickerHead::TokenPickerHead(const Trace& trace, std::int64_t layer, std::int64_t head,
                                 const TokenPickerSettings& settings) {
  const std::int64_t stored = trace.kv_head(layer, head);
  ScaledCodes q =
      scaled_codes(trace, layer, TensorKind::Q, head, settings.q_bits, settings.q_scale);
  ScaledCodes k =
      scaled_codes(trace, layer, TensorKind::K, stored, settings.k_bits, settings.k_scale);
  ScaledCodes v =
      scaled_codes(trace, layer, TensorKind::V, stored, settings.v_bits, settings.v_scale);
  q_saturated = q.saturated;
  k_saturated = k.saturated;
  v_saturated = v.saturated;
  sigma_ = q.unit * k.unit / std::sqrt(static_cast<double>(trace.shape(layer).d));
  value_unit_ = v.unit;
  q_ = std::move(q.codes);
  v_ = std::move(v.codes);
  const std::int64_t row_max = max_abs(std::as_const(q_).values());
  const std::int64_t chunks = settings.rule.chunks();
  known_.resize(static_cast<std::size_t>(chunks));
  products_.resize(static_cast<std::size_t>(chunks));
  for (std::int64_t chunk = chunks - 1; chunk >= 0; --chunk) {
    const std::int64_t unread = settings.rule.unread_bits(chunk);
    const auto c = static_cast<std::size_t>(chunk);
    known_[c] = k.codes;
    for (std::int32_t& code : known_[c].values())
      code = (code >> unread) * (std::int32_t{1} << unread);
    products_[c].load(std::as_const(known_[c]).view(), row_max);
  }
}

void TokenPickerHead::partials(std::int64_t query, std::int64_t tokens, Matrix<std::int64_t>& out) {
  out.resize(std::ssize(known_), tokens);
  const auto row = std::as_const(q_).view().slice(query, 1);
  for (std::size_t c = 0; c < known_.size(); ++c) {
    const auto of_chunk = out.row(static_cast<std::int64_t>(c));
    if (products_[c].bound() > std::numeric_limits<std::int32_t>::max()) {
      products_[c].multiply(row, tokens, MatrixView<std::int64_t>(of_chunk.data(), 1, tokens));
      continue;
    }
    narrow_.resize(static_cast<std::size_t>(tokens));
    products_[c].multiply(row, tokens, MatrixView<std::int32_t>(narrow_.data(), 1, tokens));
    std::ranges::copy(narrow_, of_chunk.begin());
  }
}

void TokenPickerHead::output(std::span<const std::int64_t> scores,
                             std::span<const std::int32_t> survivors, std::span<double> out) {
  p_.clear();
  for (const std::int32_t token : survivors)
    p_.push_back(sigma_ * static_cast<double>(scores[static_cast<std::size_t>(token)]));
  softmax(p_);
  std::ranges::fill(out, 0.0);
  for (std::size_t i = 0; i < survivors.size(); ++i) {
    const auto row = std::as_const(v_).row(survivors[i]);
    for (std::size_t x = 0; x < out.size(); ++x) out[x] += p_[i] * row[x];
  }
  for (double& x : out) x *= value_unit_;
}

}  // namespace hdp
