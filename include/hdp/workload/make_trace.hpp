// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <hdp/numeric/matrix.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// What a trace says beside its tensors.
struct TraceDescription {
  std::string name;  ///< Also stands for the path in messages.
  Stage stage = Stage::Prefill;
  bool causal = false;     ///< Decode is so in any case.
  std::int64_t n_ctx = 0;  ///< Decode: keys before the first step; q has one row per step.
};

/// One layer, a matrix per stored head: q [n_q, d], k and v [n_k, d]. Heads of q in groups of equal
/// size share the heads of k and v.
struct LayerMatrices {
  std::vector<MatrixView<const double>> q, k, v;
};

/// A trace with copies of these values, stored as F64. UserError for whatever load_trace() would
/// refuse, and where heads of one tensor differ in shape.
Trace make_trace(const TraceDescription& description, std::span<const LayerMatrices> layers);

}  // namespace hdp
