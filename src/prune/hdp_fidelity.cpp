// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <hdp/prune/hdp_fidelity.hpp>

namespace hdp {

void HdpFidelity::load(const Trace& trace, std::int64_t layer, std::int64_t head,
                       const HdpHead& quantised) {
  const std::int64_t kv_head = trace.kv_head(layer, head);
  read_values(trace, layer, TensorKind::Q, head, q_);
  read_values(trace, layer, TensorKind::K, kv_head, k_);
  read_values(trace, layer, TensorKind::V, kv_head, v_);
  dense_.load(k_.view(), v_.view());
  scorer_.load(quantised);
  out_.resize(static_cast<std::size_t>(v_.columns()));
  error_ = {};
  mass_ = 0;
}

void HdpFidelity::reference_rows(const Problem& problem, std::int64_t top, std::int64_t height) {
  p_.resize(height, k_.rows());
  reference_.resize(height, v_.columns());
  dense_.rows(std::as_const(q_).view().slice(problem.first_query + top, height),
              problem.visible(top), problem.causal ? 1 : 0, p_.view(), reference_.view());
}

void HdpFidelity::compare(const HdpPlan& plan, std::int64_t i, std::int64_t row_in_band) {
  const auto p = std::as_const(p_).row(row_in_band);
  for (const std::int32_t key : row_.keys) mass_ += p[static_cast<std::size_t>(key)];
  scorer_.output(plan, i, row_, out_);
  error_.add(out_, std::as_const(reference_).row(row_in_band));
}

}  // namespace hdp
