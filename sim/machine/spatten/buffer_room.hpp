// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/machine/spatten/run.hpp>

namespace hdp::spatten {

/// UserError where the keys or values of a pass do not fit the buffers of the machine.
void check_room(const SpattenConfig& config, const SpattenPass& pass);

/// The same of a trace, before it is planned: nothing is pruned before the first layer, which holds
/// every key of every step.
void check_room(const SpattenConfig& config, const Trace& trace);

}  // namespace hdp::spatten
