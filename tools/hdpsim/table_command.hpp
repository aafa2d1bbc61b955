// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>

#include <hdp/report/run_table.hpp>

namespace hdp {

/// What the commands that print a table of runs have in common.
struct TableCommand {
  std::vector<std::string> workloads, changes;
  std::string out;
  bool json = false;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
};

/// Adds the options of a TableCommand; `command` must live until `app` has parsed.
void add_table_options(CLI::App& app, TableCommand& command);

/// Told how many of all heads have been played.
using TableProgress = std::function<void(std::int64_t done, std::int64_t total)>;

/// A row to be made.
struct TableJob {
  std::string workload, label;
  std::string key;  ///< Digest of all that the row depends on.
  std::function<TableRow(const TableProgress&)> play;
};

/// Makes the rows, several at a time, with progress. With --out every row is kept in a file as soon
/// as it is there: a run that was interrupted goes on where it stopped.
std::vector<TableRow> play_table(const TableCommand& command, const std::vector<TableJob>& jobs);

/// Prints the table, and writes it where --out says.
void show_table(const TableCommand& command, const std::vector<TableRow>& rows);

}  // namespace hdp
