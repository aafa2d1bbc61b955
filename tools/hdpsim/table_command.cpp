// SPDX-License-Identifier: Apache-2.0
#include "table_command.hpp"

#include <filesystem>
#include <mutex>
#include <optional>

#include <fmt/core.h>

#include "output_folder.hpp"
#include "progress.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/parallel.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

fs::path file_of(const TableCommand& command, const TableJob& job) {
  return fs::path(command.out) / "rows" / (sha256_hex(job.key).substr(0, 16) + ".json");
}

std::optional<TableRow> row_on_disk(const TableCommand& command, const TableJob& job) {
  if (command.out.empty() || !fs::is_regular_file(file_of(command, job))) return std::nullopt;
  return row_of(read_text(file_of(command, job)), job.key);
}

/// Progress of several runs at once, as one line.
class SharedProgress {
 public:
  explicit SharedProgress(std::size_t jobs) : shares_(jobs, 0) {}
  void show(std::size_t job, double share, const std::string& label) {
    const std::lock_guard lock(mutex_);
    shares_[job] = share;
    double sum = 0;
    for (const double one : shares_) sum += one;
    progress_.show(static_cast<std::int64_t>(kSteps * sum),
                   static_cast<std::int64_t>(kSteps * static_cast<double>(shares_.size())), label);
  }
  void clear() { progress_.clear(); }

 private:
  static constexpr double kSteps = 1000;
  std::mutex mutex_;
  std::vector<double> shares_;
  Progress progress_;
};

}  // namespace

void add_table_options(CLI::App& app, TableCommand& command) {
  app.add_option("--set", command.changes,
                 "Change a setting of every machine: path=value, or path=@FILE (repeatable)")
      ->allow_extra_args(false);
  app.add_option("-o,--out", command.out,
                 "Folder for table.json and table.txt; rows that it holds are not made again");
  app.add_flag("--json", command.json, "Print the table as JSON");
  app.add_option("-j,--threads", command.threads, "Threads; the result is the same for any")
      ->check(CLI::Range(1, 1024));
}

std::vector<TableRow> play_table(const TableCommand& command, const std::vector<TableJob>& jobs) {
  OutputFolder folder(command.out);
  if (!command.out.empty()) make_folder(fs::path(command.out) / "rows");
  std::vector<TableRow> rows(jobs.size());
  SharedProgress progress(jobs.size());
  parallel_for(jobs.size(), command.threads, [&](std::size_t i) {
    const TableJob& job = jobs[i];
    if (const auto kept = row_on_disk(command, job)) {
      rows[i] = *kept;
    } else {
      rows[i] = job.play([&](std::int64_t done, std::int64_t total) {
        progress.show(i, static_cast<double>(done) / static_cast<double>(total), job.label);
      });
      if (!command.out.empty()) write_file(file_of(command, job), row_text(rows[i], job.key));
    }
    progress.show(i, 1, job.label);
  });
  folder.keep();
  progress.clear();
  return rows;
}

void show_table(const TableCommand& command, const std::vector<TableRow>& rows) {
  const std::string text = table_text(rows), json = table_json(rows);
  if (!command.out.empty()) {
    write_file(fs::path(command.out) / "table.json", json);
    write_file(fs::path(command.out) / "table.txt", text);
  }
  fmt::print("{}", command.json ? json : text);
}

}  // namespace hdp
