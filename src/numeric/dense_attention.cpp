// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "numeric/double_panels.hpp"
#include <hdp/base/check.hpp>
#include <hdp/numeric/dense_attention.hpp>
#include <hdp/numeric/softmax.hpp>

namespace hdp {

static_assert(DenseAttention::kMaxRows == DoublePanels::kRows);

struct DenseAttention::State {
  DoublePanels keys;    // [d, n_k]
  DoublePanels values;  // [n_k, d]
  std::int64_t d = 0;
};

DenseAttention::DenseAttention() : state_(std::make_unique<State>()) {}
DenseAttention::DenseAttention(DenseAttention&&) noexcept = default;
DenseAttention& DenseAttention::operator=(DenseAttention&&) noexcept = default;
DenseAttention::~DenseAttention() = default;

void DenseAttention::load(MatrixView<const double> k, MatrixView<const double> v) {
  HDP_CHECK(k.rows() == v.rows(), "as many keys as values");
  state_->d = k.columns();
  state_->keys.load(k.eigen().transpose());
  state_->values.load(v.eigen());
}

void DenseAttention::rows(MatrixView<const double> q, std::int64_t visible, std::int64_t step,
                          MatrixView<double> p, MatrixView<double> out) {
  const std::int64_t most = visible + step * (q.rows() - 1);
  state_->keys.multiply(q, state_->d, most, p);
  const double root = std::sqrt(static_cast<double>(state_->d));
  for (std::int64_t r = 0; r < q.rows(); ++r) {
    const auto row = p.row(r);
    const auto seen = row.first(static_cast<std::size_t>(visible + step * r));
    for (double& logit : seen) logit /= root;
    softmax(seen);
    std::fill(row.begin() + static_cast<std::ptrdiff_t>(seen.size()), row.end(), 0.0);
  }
  state_->values.multiply(p, most, out.columns(), out);
}

}  // namespace hdp
