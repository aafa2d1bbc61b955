// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <hdp/base/log.hpp>
#include <hdp/report/run_table.hpp>

namespace hdp {

/// How a table is made.
struct TableOptions {
  unsigned threads = 1;  ///< Rows at a time; the result is the same for any.
  /// Every row is kept here in a file as soon as it is there, and not made again: a table that was
  /// interrupted goes on where it stopped. "": nowhere.
  std::string folder{};
  /// Told the share of all work that is done, and the row that has moved.
  std::function<void(double share, const std::string& what)> observer{};
  Log log{};
};

/// A row to be made.
struct TableJob {
  std::string what;  ///< For progress.
  std::string key;   ///< Digest of all that the row depends on.
  std::function<TableRow(const std::function<void(std::int64_t done, std::int64_t total)>&)> play;
  std::string workload{};  ///< For the log.
};

/// Makes the rows, in the order of the jobs.
std::vector<TableRow> play_table(const std::vector<TableJob>& jobs, const TableOptions& options);

}  // namespace hdp
