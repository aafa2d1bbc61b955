// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "machine/hdp/planned_layer.hpp"
#include <hdp/machine/head_map.hpp>

namespace hdp {

/// What the heads keep of a problem, as the stages have left it; `whole` has all its tokens.
void map_heads(const Problem& whole, const PlannedProblem& live, std::int64_t sequence,
               std::int64_t layer, HeadMaps& maps);

}  // namespace hdp
