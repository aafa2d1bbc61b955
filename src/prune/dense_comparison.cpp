// SPDX-License-Identifier: Apache-2.0
#include "prune/dense_comparison.hpp"

#include <utility>

#include <hdp/numeric/dense_attention.hpp>

namespace hdp {

DenseComparison compare_with_dense(const Trace& trace, std::int64_t layer, std::int64_t head,
                                   std::span<const Problem> problems, MatrixView<const double> out,
                                   const BitMatrix& used, const std::vector<bool>& computed) {
  const std::int64_t stored = trace.kv_head(layer, head);
  Matrix<double> q, k, v;
  read_values(trace, layer, TensorKind::Q, head, q);
  read_values(trace, layer, TensorKind::K, stored, k);
  read_values(trace, layer, TensorKind::V, stored, v);
  DenseAttention dense;
  dense.load(std::as_const(k).view(), std::as_const(v).view());
  Matrix<double> p(1, k.rows()), reference(1, v.columns());
  DenseComparison result;
  for (const Problem& problem : problems)
    for (std::int64_t i = 0; i < problem.queries; ++i) {
      const std::int64_t query = problem.first_query + i;
      if (!computed[static_cast<std::size_t>(query)]) continue;
      dense.rows(std::as_const(q).view().slice(query, 1), problem.visible(i), 0, p.view(),
                 reference.view());
      result.error.add(out.row(query), std::as_const(reference).row(0));
      const std::span<const double> dense_row = std::as_const(p).row(0);
      for (std::int64_t key = 0; key < problem.visible(i); ++key)
        if (used.get(query, key)) result.mass += dense_row[static_cast<std::size_t>(key)];
      ++result.rows;
    }
  return result;
}

}  // namespace hdp
