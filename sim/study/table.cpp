// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <filesystem>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "study/shared_progress.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/output.hpp>
#include <hdp/base/parallel.hpp>
#include <hdp/base/program.hpp>
#include <hdp/study/table.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

/// How the log calls a row.
std::string title_of(const TableJob& job) {
  return fmt::format("row {} on {}", job.what, job.workload);
}

/// Finished rows, a file each.
class RowFiles {
 public:
  RowFiles(const std::string& folder, const Log& log) : folder_(folder), log_(log) {}
  [[nodiscard]] std::optional<TableRow> find(const TableJob& job) const {
    const fs::path file = file_of(job.key);
    if (folder_.empty() || !fs::is_regular_file(file)) return std::nullopt;
    std::optional<TableRow> row = row_of(read_text(file), origin_of(job));
    if (row)
      log_.info([&] { return fmt::format("{}: taken from {}", title_of(job), file.string()); });
    else
      log_.warning([&] {
        return fmt::format("{}: {} was changed or made by another build, made again", title_of(job),
                           file.string());
      });
    return row;
  }
  void keep(const TableRow& row, const TableJob& job) const {
    if (folder_.empty()) return;
    make_folder(folder_);
    write_file(file_of(job.key), row_text(row, origin_of(job)));
  }

 private:
  static RowOrigin origin_of(const TableJob& job) { return {job.key, program_build()}; }
  [[nodiscard]] fs::path file_of(const std::string& key) const {
    return folder_ / (sha256_hex(key).substr(0, 16) + ".json");
  }
  fs::path folder_;
  Log log_;
};

using Observer = std::function<void(std::int64_t done, std::int64_t total)>;

TableRow make_row(const TableJob& job, const Observer& observer, const Log& log) {
  try {
    TableRow row = job.play(observer);
    log.info([&] { return fmt::format("{}: made, {} cycles", title_of(job), row.cycles); });
    return row;
  } catch (const std::exception& failure) {
    log.error([&] { return fmt::format("{}: failed: {}", title_of(job), failure.what()); });
    throw;
  }
}

}  // namespace

std::vector<TableRow> play_table(const std::vector<TableJob>& jobs, const TableOptions& options) {
  const RowFiles files(options.folder, options.log);
  std::vector<std::size_t> first(jobs.size());  // job with the same key: it is made once
  std::map<std::string, std::size_t> by_key;
  for (std::size_t i = 0; i < jobs.size(); ++i)
    first[i] = by_key.try_emplace(jobs[i].key, i).first->second;
  std::vector<TableRow> rows(jobs.size());
  SharedProgress progress(jobs.size(), options.observer);
  parallel_for(jobs.size(), options.threads, [&](std::size_t i) {
    const TableJob& job = jobs[i];
    if (first[i] == i) {
      if (const auto kept = files.find(job)) {
        rows[i] = *kept;
      } else {
        rows[i] = make_row(job, progress.of_job(i, job.what), options.log);
        files.keep(rows[i], job);
      }
    }
    progress.show(i, 1, job.what);
  });
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = rows[first[i]];
  return rows;
}

}  // namespace hdp
