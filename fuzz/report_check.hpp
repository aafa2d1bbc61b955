// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <hdp/base/facts.hpp>

namespace hdp::fuzz {

/// Finding for what cannot be so in a run's report: accounts that do not add up, shares outside
/// 0 .. 1, what is infinite or below 0, more than the memory's peak.
void check_report(std::string_view json);

/// The same of the numbers below `fact` alone; `path` is its own.
void check_numbers(const Fact& fact, const std::string& path);

}  // namespace hdp::fuzz
