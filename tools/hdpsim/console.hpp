// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <fmt/core.h>

#include "logger.hpp"
#include "progress.hpp"
#include <hdp/study/stopwatch.hpp>

namespace hdp {

/// What every command works with.
struct Console {
  Progress progress;
  Logger logger{progress};
  Log log{&logger};
  bool differs = false;  ///< A comparison found a difference: exit code 1.
};

/// Tells the log what a part of the work took.
inline void log_time(const Log& log, std::string_view done, const Stopwatch& since) {
  log.debug([&] { return fmt::format("{} in {:.3f} s", done, since.seconds()); });
}

}  // namespace hdp
