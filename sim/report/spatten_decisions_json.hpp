// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/json_text.hpp"
#include <hdp/prune/spatten_decisions.hpp>

namespace hdp {

/// Adds `causal`, `decode`, `total` and `layers` to a result of format "decisions-1".
void write_decisions(const SpattenDecisions& decisions, const Trace& trace, Json& result);

}  // namespace hdp
