// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hdp/base/facts.hpp>
#include <hdp/report/run_table.hpp>

namespace hdp {

/// One point of a sweep, as a line of its table.
struct PointRow {
  std::int64_t point = 0;
  std::string machine, workload;
  std::vector<Fact> values{};                     ///< By path of the header.
  std::string status = "ok";                      ///< Or why the point is refused.
  std::optional<TableRow> run{};                  ///< Nothing where it is.
  std::vector<std::optional<double>> measures{};  ///< By name of the header.
};

/// The first line of points.csv: paths are those of the axes, measures come last. With its end.
std::string points_csv_header(const std::vector<std::string>& paths,
                              const std::vector<std::string>& measures);
/// A line: a text with a comma, a quote or an end of line is quoted (RFC 4180), what is absent is
/// empty, doubles are in the shortest form that reads back the same.
std::string points_csv_line(const PointRow& row);

}  // namespace hdp
