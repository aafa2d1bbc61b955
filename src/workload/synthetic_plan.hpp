// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/workload/synthetic.hpp>

namespace hdp::detail {

/// What is made: the configuration with the model filled in. Every number is within its range, so
/// no product here overflows.
struct SyntheticPlan {
  SyntheticConfig config;
  LayerShape shape;
  std::int64_t layers;
  bool causal;
};

/// UserError for a value out of its range or too many bytes.
SyntheticPlan plan_of(const SyntheticConfig& config);

/// What the header of the trace says beside its tensors.
Metadata metadata_of(const SyntheticPlan& plan);

}  // namespace hdp::detail
