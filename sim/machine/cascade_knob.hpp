// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/machine/knob.hpp>
#include <hdp/prune/cascade_settings.hpp>

namespace hdp {

/// How much of its tokens, or heads, a stage at `place` ("cascade.token") keeps. A linear schedule
/// keeps its shape: what is removed at its start and at its end grows together.
Knob cascade_knob(const CascadeStage& stage, const std::string& place, std::vector<KnobMove> moves);

/// The same as a share a layer, of the count before any pruning or of what is left, as it stands.
Knob cascade_knob_by_layer(const std::string& place, std::vector<KnobMove> moves);

}  // namespace hdp
