// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <hdp/machine/layer/steps.hpp>
#include <hdp/machine/result.hpp>
#include <hdp/workload/model_shape.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp::layer {

/// A layer that is made in a step of decode, or in a prefill, which has one step.
struct Load {
  std::int64_t layer = 0, step = 0;
  LayerSizes sizes;
};

/// Of sequences side by side, step by step; `alive` narrows what it names. A layer in which nothing
/// is alive is left out.
std::vector<Load> loads_of(std::span<const Trace> sequences, const LayerWidths& widths,
                           std::span<const AliveLayer> alive);

}  // namespace hdp::layer
