// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace hdp::fuzz {

/// Finding for what cannot be so in a run's report: accounts that do not add up, shares outside
/// 0 .. 1, what is infinite or below 0, more than the memory's peak.
void check_report(std::string_view json);

}  // namespace hdp::fuzz
