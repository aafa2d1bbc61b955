// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "workload/share_list.hpp"
#include <hdp/workload/spatten_generator.hpp>

namespace hdp::detail {

/// One layer of a generated workload.
struct SpattenLayerPlan {
  std::int64_t kept = 0;      ///< Tokens.
  std::int64_t heads = 0;     ///< Heads that are left.
  Share value_keep = kWhole;  ///< Of the tokens kept.
  Share requantise_share = 0;
};

/// The settings with model and schedules filled in.
struct SpattenPlan {
  SpattenGeneratorConfig config;
  std::int64_t head_size = 0;
  std::int64_t iterations = 0;  ///< 1 in prefill.
  std::int64_t all_tokens = 0;  ///< What shares are taken of.
  std::vector<SpattenLayerPlan> layers;
};

/// UserError for a value out of its range, or settings that contradict each other.
SpattenPlan plan_of(const SpattenGeneratorConfig& config);

}  // namespace hdp::detail
