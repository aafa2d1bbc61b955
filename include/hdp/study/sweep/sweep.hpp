// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <hdp/base/log.hpp>
#include <hdp/machine/kind.hpp>
#include <hdp/study/beside.hpp>
#include <hdp/study/sweep/file.hpp>

namespace hdp {

/// Every `count`-th point, beginning with number `index`.
struct Shard {
  std::int64_t index = 0, count = 1;
  [[nodiscard]] bool has(std::int64_t point) const { return point % count == index; }
};

struct SweepOptions {
  std::filesystem::path folder;  ///< Who calls holds its OutputLock.
  unsigned threads = 1;          ///< Points at a time; the result is the same for any.
  Shard shard{};
  bool fresh = false;  ///< What the folder holds of a sweep goes first.
  std::size_t shared_bytes = std::size_t{1} << 30U;  ///< For what points share.
  /// Told how many points of how many are there, and how many were there in the beginning.
  std::function<void(std::int64_t done, std::int64_t total, std::int64_t found)> observer{};
  Log log{};
};

/// What became of a sweep.
struct SweepOutcome {
  std::int64_t points = 0;            ///< In the folder now.
  std::int64_t played = 0;            ///< By this call; the others were there.
  std::int64_t refused = 0;           ///< Of those played.
  std::int64_t shared = 0, made = 0;  ///< Decisions, baselines, workloads: found, made.
};

/// Plays every point that the folder does not hold yet. It gets sweep.json at once, points.csv and
/// points.jsonl in the end; until then finished points are in a journal, and a call that was
/// interrupted anywhere costs the points under way. A point that cannot be played is a row that
/// says why. UserError where the folder holds another sweep, or one of another build.
SweepOutcome sweep(const Catalog& catalog, const SweepFile& file, const SweepOptions& options,
                   Kinds kinds = machine_kinds());

/// Puts the shards of a sweep together: `out` gets what one sweep of all points gives. UserError
/// where the folders hold different sweeps, a point twice, or not all of them.
SweepOutcome merge_sweeps(const std::filesystem::path& out,
                          const std::vector<std::filesystem::path>& folders);

/// A point of a finished or unfinished sweep, to be played again as it was.
struct SweptPoint {
  Job job;
  Baseline baseline;
  bool fidelity = true;
};
SweptPoint point_of_sweep(const Catalog& catalog, const std::filesystem::path& folder,
                          std::int64_t number, Kinds kinds = machine_kinds());

}  // namespace hdp
