// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <oneapi/tbb/task_arena.h>

#include "study/sweep/play_point.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/first_failure.hpp>
#include <hdp/base/output.hpp>
#include <hdp/base/program.hpp>
#include <hdp/study/sweep/sweep.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

bool holds_sweep(const SweepFolder& files, const std::string& text) {
  if (!fs::exists(files.sweep())) {
    for (const fs::path& file : {files.csv(), files.json(), files.journal()})
      if (fs::exists(file))
        refuse(file.string(), "is there, and no sweep.json beside it",
               "--fresh, or another folder");
    return false;
  }
  if (read_text(files.sweep()) != text)
    refuse(files.folder.string(), "holds another sweep, or one of other machines or workloads",
           "--fresh, or another folder");
  return true;
}

void remove_sweep(const SweepFolder& files) {
  std::error_code failed;
  for (const fs::path& file : {files.json(), files.csv(), files.journal(), files.sweep()})
    fs::remove(file, failed);
}

/// What the points of a journal depend on.
std::string identity_of(const std::string& text, const Shard& shard) {
  return fmt::format("hdpsim points 1, sweep {}, build {}, shard {}/{}", sha256_hex(text),
                     program_build(), shard.index, shard.count);
}

std::vector<std::int64_t> points_of(const Shard& shard, std::int64_t count) {
  std::vector<std::int64_t> points;
  for (std::int64_t point = shard.index; point < count; point += shard.count)
    points.push_back(point);
  return points;
}

/// Points that were finished before are all there, or they are those of another shard.
std::optional<SweepOutcome> finished(const SweepFolder& files, const std::string& header,
                                     const std::vector<std::int64_t>& wanted) {
  if (!fs::exists(files.json())) return std::nullopt;
  const FinishedPoints points(files, header);
  if (points.points() != wanted)
    refuse(files.folder.string(), "holds other points of the sweep",
           "the shard that it holds, --fresh, or another folder");
  std::error_code failed;
  fs::remove(files.journal(), failed);
  return SweepOutcome{.points = std::ssize(wanted)};
}

/// Plays points, several at a time, and hands them to `keep` one after the other. Nothing is thrown
/// through the pipeline, which would forget the points in it.
template <class Keep>
void play_points(const SweepJobs& jobs, const std::vector<std::int64_t>& points,
                 SharedCache& shared, const SweepOptions& options, Keep keep) {
  namespace tbb = oneapi::tbb;
  const auto threads = static_cast<std::size_t>(std::max(1U, options.threads));
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
  tbb::task_arena arena(static_cast<int>(threads));
  std::size_t next = 0;
  FirstFailure failure;
  const auto number = [&](tbb::flow_control& flow) -> std::int64_t {
    if (next < points.size() && !failure.failed()) return points[next++];
    flow.stop();
    return 0;
  };
  const auto play = [&](std::int64_t point) {
    PlayedPoint played;
    failure.guard([&] { played = play_point(jobs, point, shared, options.log); });
    return played;
  };
  const auto keep_it = [&](const PlayedPoint& point) { failure.guard([&] { keep(point); }); };
  arena.execute([&] {
    tbb::parallel_pipeline(
        threads,
        tbb::make_filter<void, std::int64_t>(tbb::filter_mode::serial_in_order, number) &
            tbb::make_filter<std::int64_t, PlayedPoint>(tbb::filter_mode::parallel, play) &
            tbb::make_filter<PlayedPoint, void>(tbb::filter_mode::serial_out_of_order, keep_it));
  });
  failure.rethrow();
}

}  // namespace

SweepOutcome sweep(const Catalog& catalog, const SweepFile& file, const SweepOptions& options,
                   Kinds kinds) {
  SharedCache shared(options.shared_bytes);
  const SweepJobs jobs(catalog, file, kinds, shared);
  const std::string text = sweep_text(jobs.sweep()), header = points_header(jobs.sweep());
  const std::vector<std::int64_t> wanted = points_of(options.shard, jobs.points().count());
  const SweepFolder files{options.folder};
  if (options.fresh) remove_sweep(files);
  if (holds_sweep(files, text)) {
    if (const auto outcome = finished(files, header, wanted)) return *outcome;
  } else {
    jobs.refuse_ignored();
    make_folder(files.folder);
    write_file(files.sweep(), text);
  }
  SweepJournal journal(files.journal(), identity_of(text, options.shard), options.log);
  std::vector<std::int64_t> missing;
  std::ranges::copy_if(wanted, std::back_inserter(missing),
                       [&](std::int64_t point) { return !journal.has(point); });
  SweepOutcome outcome{.points = std::ssize(wanted)};
  const std::int64_t found = outcome.points - std::ssize(missing);
  const auto tell = [&] {
    if (options.observer) options.observer(found + outcome.played, outcome.points, found);
  };
  tell();
  play_points(jobs, missing, shared, options, [&](const PlayedPoint& point) {
    journal.append(point.number, point.text);
    ++outcome.played;
    outcome.refused += point.refused ? 1 : 0;
    tell();
  });
  journal.sync();
  publish_points(files, header, wanted, [&](std::int64_t point) { return journal.read(point); });
  std::error_code failed;
  fs::remove(files.journal(), failed);
  const SharedCache::Counts counts = shared.counts();
  outcome.shared = counts.found;
  outcome.made = counts.made;
  return outcome;
}

SweptPoint point_of_sweep(const Catalog& catalog, const fs::path& folder, std::int64_t number,
                          Kinds kinds) {
  const SweepFolder files{folder};
  if (!fs::exists(files.sweep()))
    refuse(folder.string(), "holds no sweep.json", "a folder that hdpsim sweep made");
  SharedCache shared(0);
  const SweepJobs jobs(catalog, read_sweep(read_text(files.sweep()), files.sweep()), kinds, shared);
  if (number < 0 || number >= jobs.points().count())
    refuse("--point", std::to_string(number), fmt::format("0 to {}", jobs.points().count() - 1));
  return {jobs.job(jobs.points().at(number)), jobs.baseline(), jobs.sweep().fidelity};
}

}  // namespace hdp
