// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <utility>

#include "prune/dense_comparison.hpp"
#include "prune/scaled_codes.hpp"
#include "prune/stored_heads.hpp"
#include <hdp/numeric/exponential.hpp>
#include <hdp/numeric/integer_product.hpp>
#include <hdp/prune/code_attention.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp {
namespace {

/// K and V of a stored head as codes.
struct StoredCodes {
  StoredCodes(const Trace& trace, std::int64_t layer, std::int64_t stored, std::int64_t bits)
      : k(scaled_codes(trace, layer, TensorKind::K, stored, bits, {})),
        v(scaled_codes(trace, layer, TensorKind::V, stored, bits, {})) {}
  ScaledCodes k, v;
};

/// exp(sigma * (score - the largest)) as codes, of which the largest is `one`.
void exponentials(std::span<const std::int64_t> scores, double sigma, double one,
                  std::vector<std::int64_t>& codes) {
  const std::int64_t most = *std::ranges::max_element(scores);
  codes.resize(scores.size());
  for (std::size_t j = 0; j < scores.size(); ++j)
    codes[j] = static_cast<std::int64_t>(
        std::nearbyint(one * exponential(sigma * static_cast<double>(scores[j] - most))));
}

/// The codes of a row times V, divided by their sum.
void attend(std::span<const std::int64_t> codes, const ScaledCodes& v, std::span<double> out) {
  std::vector<std::int64_t> sums(out.size());
  std::int64_t total = 0;
  for (std::size_t j = 0; j < codes.size(); ++j) {
    if (codes[j] == 0) continue;
    total += codes[j];
    const auto row = v.codes.row(static_cast<std::int64_t>(j));
    for (std::size_t x = 0; x < sums.size(); ++x) sums[x] += codes[j] * row[x];
  }
  for (std::size_t x = 0; x < out.size(); ++x)
    out[x] = static_cast<double>(sums[x]) * (v.unit / static_cast<double>(total));
}

CodeAttentionHead attend_head(const Trace& trace, std::int64_t layer, std::int64_t number,
                              std::int64_t bits, const StoredCodes& stored) {
  const LayerShape& shape = trace.shape(layer);
  const ScaledCodes q = scaled_codes(trace, layer, TensorKind::Q, number, bits, {});
  const double sigma = q.unit * stored.k.unit / std::sqrt(static_cast<double>(shape.d));
  const auto one = static_cast<double>((std::int64_t{1} << (bits - 1)) - 1);
  CodeAttentionHead head{.head = number,
                         .counts = {.q_saturated = q.saturated,
                                    .k_saturated = stored.k.saturated,
                                    .v_saturated = stored.v.saturated}};
  IntegerProduct product;
  product.load(stored.k.codes.view(), max_abs(q.codes.values()));
  Matrix<std::int64_t> scores(1, shape.n_k);
  std::vector<std::int64_t> codes;
  Matrix<double> out(shape.n_q, shape.d);
  const BitMatrix none(shape.n_q, shape.n_k);
  const std::vector<Problem> parts = problems(trace, layer);
  for (const Problem& problem : parts)
    for (std::int64_t i = 0; i < problem.queries; ++i) {
      const std::int64_t query = problem.first_query + i, visible = problem.visible(i);
      product.multiply(q.codes.view().slice(query, 1), visible, scores.view());
      exponentials(std::as_const(scores).row(0).first(static_cast<std::size_t>(visible)), sigma,
                   one, codes);
      attend(codes, stored.v, out.row(query));
      head.counts.pairs += visible;
    }
  const std::vector<bool> computed(static_cast<std::size_t>(shape.n_q), true);
  head.error =
      compare_with_dense(trace, layer, number, parts, std::as_const(out).view(), none, computed)
          .error;
  return head;
}

}  // namespace

void CodeAttentionCounts::add(const CodeAttentionCounts& other) {
  pairs += other.pairs;
  q_saturated += other.q_saturated;
  k_saturated += other.k_saturated;
  v_saturated += other.v_saturated;
}

std::vector<std::vector<CodeAttentionHead>> attend_in_codes(const Trace& trace, std::int64_t bits,
                                                            unsigned threads) {
  return for_stored_heads<CodeAttentionHead>(
      trace, threads, [&](std::int64_t layer, std::int64_t stored, auto heads) {
        const StoredCodes codes(trace, layer, stored, bits);
        for (std::int64_t i = 0; i < std::ssize(heads); ++i)
          heads[static_cast<std::size_t>(i)] =
              attend_head(trace, layer, stored * std::ssize(heads) + i, bits, codes);
      });
}

}  // namespace hdp
