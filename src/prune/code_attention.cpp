// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <utility>

#include "prune/dense_comparison.hpp"
#include "prune/scaled_codes.hpp"
#include "prune/stored_heads.hpp"
#include <hdp/numeric/code_attention.hpp>
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

CodeAttentionHead attend_head(const Trace& trace, std::int64_t layer, std::int64_t number,
                              std::int64_t bits, const StoredCodes& stored) {
  const LayerShape& shape = trace.shape(layer);
  const ScaledCodes q = scaled_codes(trace, layer, TensorKind::Q, number, bits, {});
  CodeAttentionHead head{.head = number,
                         .counts = {.q_saturated = q.saturated,
                                    .k_saturated = stored.k.saturated,
                                    .v_saturated = stored.v.saturated}};
  CodeAttention attention({stored.k.codes.view(), stored.k.unit},
                          {stored.v.codes.view(), stored.v.unit}, bits, max_abs(q.codes.values()));
  Matrix<double> out(shape.n_q, shape.d);
  const BitMatrix none(shape.n_q, shape.n_k);
  const std::vector<Problem> parts = problems(trace, layer);
  for (const Problem& problem : parts)
    for (std::int64_t i = 0; i < problem.queries; ++i) {
      const std::int64_t query = problem.first_query + i, visible = problem.visible(i);
      attention.attend({q.codes.view().slice(query, 1), q.unit}, visible, out.row(query));
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
