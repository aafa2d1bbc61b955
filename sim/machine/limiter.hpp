// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <hdp/machine/result.hpp>

namespace hdp {

/// What twice of something saves of its work, where a run knows better than a half.
struct Dealing {
  std::int64_t cores = 1, contexts = 1;
  /// All contexts share the units: more of them hide latencies, and no more.
  bool shares_units = false;
  /// Slices of work between two barriers, each played by one core.
  std::vector<std::int64_t> pieces{};
  /// By kind of unit: less in partial tiles, or where few values meet many comparators.
  std::map<std::string, double, std::less<>> savings{};
  /// Share of the run that ports need for the operands of an array twice as large; where the
  /// machine does not say it, what they need for it as it is.
  std::optional<double> operand_share{};
};

/// What bounds a run: of all kinds of units, memory and cores, whichever would save most time if it
/// were twice as fast, or there were twice as many (docs/report.md). From the accounts of the run,
/// its critical path and its memory.
Limiter limiter_of(const RunResult& run, const Dealing& dealing = {});

}  // namespace hdp
