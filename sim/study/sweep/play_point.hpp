// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "study/sweep/folder.hpp"
#include "study/sweep/jobs.hpp"

namespace hdp {

/// The lines of a point: of its run, or of why it is refused.
struct PlayedPoint {
  std::int64_t number = 0;
  bool refused = false;
  PointText text;
};

/// Plays a point of the sweep on the calling thread.
PlayedPoint play_point(const SweepJobs& jobs, std::int64_t number, SharedCache& shared,
                       const Log& log);

/// The first line of points.csv.
std::string points_header(const SweepFile& sweep);

}  // namespace hdp
