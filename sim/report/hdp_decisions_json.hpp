// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/json_text.hpp"
#include <hdp/prune/hdp_decisions.hpp>

namespace hdp {

/// The counts of a layer or a total: heads, blocks, sparsities, saturated values.
Json to_json(const HdpCounts& counts);

/// `fraction_bits_used`, `total` and `layers` of a case, as in format "decisions-1".
void write_decisions(const HdpDecisions& decisions, Json& result);

}  // namespace hdp
