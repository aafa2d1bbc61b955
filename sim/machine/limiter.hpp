// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/machine/result.hpp>

namespace hdp {

/// How the work of a machine is dealt out to its cores and multipliers.
struct Dealing {
  std::int64_t cores = 1, contexts = 1;
  std::vector<std::int64_t> pieces{};  ///< Of work between two barriers, each played by one core.
  double array_saving =
      0.5;  ///< Of an array's work, were it twice as large: less in partial tiles.
};

/// What bounds a run: of all kinds of units, memory and cores, whichever would save most time if it
/// were twice as fast, or there were twice as many (docs/report.md). From the accounts of the run,
/// its critical path and its memory.
Limiter limiter_of(const RunResult& run, const Dealing& dealing = {});

}  // namespace hdp
