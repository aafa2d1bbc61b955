// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/core.h>

#include "command.hpp"
#include "interruption.hpp"
#include "new_parents.hpp"
#include "options.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/output.hpp>
#include <hdp/base/output_lock.hpp>
#include <hdp/study/sweep/sweep.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

struct SweepCommand {
  std::string file, out, shard;
  bool fresh = false;
  unsigned threads = all_threads();
};

struct MergeCommand {
  std::string out;
  std::vector<std::string> folders;
};

/// "I/N", I from 0.
Shard shard_of(const std::string& text) {
  Shard shard;
  if (text.empty()) return shard;
  const char *begin = text.data(), *const end = begin + text.size();
  const auto index = std::from_chars(begin, end, shard.index);
  if (index.ec == std::errc() && index.ptr != end && *index.ptr == '/') {
    const auto count = std::from_chars(index.ptr + 1, end, shard.count);
    if (count.ec == std::errc() && count.ptr == end && shard.index >= 0 &&
        shard.index < shard.count)
      return shard;
  }
  refuse("--shard", text, "I/N with I from 0 to N-1, such as 0/4");
}

/// "3 min 20 s", of what is left at the rate so far.
std::string time_left(double seconds, std::int64_t played, std::int64_t left) {
  const auto rest =
      static_cast<std::int64_t>(seconds * static_cast<double>(left) / static_cast<double>(played));
  if (rest >= 5400) return fmt::format("{} h {} min left", rest / 3600, rest % 3600 / 60);
  return rest >= 90 ? fmt::format("{} min {} s left", rest / 60, rest % 60)
                    : fmt::format("{} s left", rest);
}

/// A folder for this command alone while it lives; its parents are made.
class ClaimedFolder {
 public:
  explicit ClaimedFolder(const fs::path& folder) : place_(place_of(folder)) {
    const Uninterrupted held;
    parents_.make(place_, folder);
    lock_.emplace(place_);
    remove_when_interrupted(lock_->file());
    remove_leftovers(place_, "");
  }
  ClaimedFolder(const ClaimedFolder&) = delete;
  ClaimedFolder& operator=(const ClaimedFolder&) = delete;
  ~ClaimedFolder() {
    const Uninterrupted held;
    forget_leftovers();
    std::error_code unreachable;
    if (fs::exists(place_, unreachable)) parents_.keep();
  }

 private:
  fs::path place_;
  NewParents parents_;
  std::optional<OutputLock> lock_;
};

void sweep_command(const SweepCommand& command, Console& console) {
  const Catalog catalog = configurations(console.log);
  const fs::path path = catalog.find("sweeps", command.file);
  const SweepFile file = read_sweep(read_text(path), path);
  SweepOptions options;
  options.folder = command.out;
  options.threads = command.threads;
  options.shard = shard_of(command.shard);
  options.fresh = command.fresh;
  options.log = console.log;
  const Stopwatch playing;
  options.observer = [&](std::int64_t done, std::int64_t total, std::int64_t found) {
    const std::string left = done > found && done < total
                                 ? time_left(playing.seconds(), done - found, total - done)
                                 : "";
    console.progress.show(done, total, left);
  };
  const ClaimedFolder claimed(command.out);
  const SweepOutcome outcome = sweep(catalog, file, options);
  console.progress.clear();
  log_time(console.log, "played", playing);
  console.log.info([&] {
    return fmt::format("{} points played, {} shared results found, {} made", outcome.played,
                       outcome.shared, outcome.made);
  });
  fmt::print("{}: {} points, {} played now, {} of them refused\n", command.out, outcome.points,
             outcome.played, outcome.refused);
  if (outcome.played > 0)
    fmt::print("decisions, baselines and workloads: {} made, {} times shared\n", outcome.made,
               outcome.shared);
}

void merge_command(const MergeCommand& command) {
  const ClaimedFolder claimed(command.out);
  const SweepOutcome outcome =
      merge_sweeps(command.out, {command.folders.begin(), command.folders.end()});
  fmt::print("{}: {} points\n", command.out, outcome.points);
}

}  // namespace

void add_sweep(CLI::App& app, Console& console) {
  auto command = std::make_shared<SweepCommand>();
  CLI::App* sweep_app =
      app.add_subcommand("sweep", "Machines on workloads over ranges of settings, a row a point");
  sweep_app
      ->add_option("SWEEP", command->file,
                   "What is swept: a name, or a .json file (hdpsim schema sweep)")
      ->required();
  sweep_app
      ->add_option(
          "-o,--out", command->out,
          "Folder for sweep.json, points.csv and points.jsonl; the same command again goes "
          "on where it was interrupted")
      ->required();
  sweep_app->add_option(
      "--shard", command->shard,
      "I/N: only every N-th point, from number I on, counted from 0; hdpsim merge "
      "puts the folders together");
  sweep_app->add_flag("--fresh", command->fresh, "Start anew: the points that the folder holds go");
  add_threads(*sweep_app, command->threads);
  sweep_app->callback([command, &console] { sweep_command(*command, console); });
}

void add_merge(CLI::App& app) {
  auto command = std::make_shared<MergeCommand>();
  CLI::App* merge_app = app.add_subcommand("merge", "Puts the shards of a sweep together");
  merge_app->add_option("OUT", command->out, "Folder for the whole sweep")->required();
  merge_app->add_option("DIR", command->folders, "Folders of all shards")->required();
  merge_app->callback([command] { merge_command(*command); });
}

}  // namespace hdp
