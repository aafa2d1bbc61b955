// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include <hdp/base/check.hpp>
#include <hdp/numeric/code_attention.hpp>
#include <hdp/numeric/exponential.hpp>

namespace hdp {

CodeAttention::CodeAttention(const CodesView& k, const CodesView& v, std::int64_t bits,
                             std::int64_t query_max)
    : k_(k),
      v_(v),
      one_(static_cast<double>((std::int64_t{1} << (bits - 1)) - 1)),
      scores_(1, k.codes.rows()),
      sums_(static_cast<std::size_t>(v.codes.columns())) {
  HDP_CHECK(k.codes.rows() == v.codes.rows(), "as many keys as values");
  product_.load(k.codes, query_max);
}

void CodeAttention::attend(const CodesView& query, std::int64_t visible, std::span<double> out) {
  product_.multiply(query.codes, visible, scores_.view());
  weigh(std::as_const(scores_).row(0).first(static_cast<std::size_t>(visible)),
        query.unit * k_.unit / std::sqrt(static_cast<double>(k_.codes.columns())));
  std::ranges::fill(sums_, 0);
  std::int64_t total = 0;
  for (std::size_t j = 0; j < weights_.size(); ++j) {
    if (weights_[j] == 0) continue;
    total += weights_[j];
    const auto row = v_.codes.row(static_cast<std::int64_t>(j));
    for (std::size_t x = 0; x < sums_.size(); ++x) sums_[x] += weights_[j] * row[x];
  }
  for (std::size_t x = 0; x < out.size(); ++x)
    out[x] = static_cast<double>(sums_[x]) * (v_.unit / static_cast<double>(total));
}

/// exp(sigma * (score - the largest)) as codes.
void CodeAttention::weigh(std::span<const std::int64_t> scores, double sigma) {
  const std::int64_t most = *std::ranges::max_element(scores);
  weights_.resize(scores.size());
  for (std::size_t j = 0; j < scores.size(); ++j)
    weights_[j] = static_cast<std::int64_t>(
        std::nearbyint(one_ * exponential(sigma * static_cast<double>(scores[j] - most))));
}

}  // namespace hdp
