// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include <hdp/report/points_csv.hpp>
#include <hdp/report/setting_list.hpp>

namespace hdp {
namespace {

void add_cell(std::string& line, std::string_view text) {
  if (!line.empty()) line += ',';
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

std::string text_of(const Fact* value) {
  return value == nullptr || value->is_null() ? std::string() : setting_text(*value);
}

/// What of a run stands in the table, in its order.
constexpr std::array<std::string_view, 15> kColumns{"cycles",
                                                    "time_ns",
                                                    "read_bytes",
                                                    "written_bytes",
                                                    "energy_pj",
                                                    "multipliers",
                                                    "sram_bytes",
                                                    "peak_bytes_per_s",
                                                    "area_um2",
                                                    "utilisation",
                                                    "relative_frobenius",
                                                    "mass_kept",
                                                    "speedup",
                                                    "energy_ratio",
                                                    "limiter"};

}  // namespace

std::string points_csv_header(const std::vector<std::string>& paths,
                              const std::vector<std::string>& measures) {
  std::string line = "point,machine,workload";
  for (const std::string& path : paths) add_cell(line, path);
  add_cell(line, "status");
  for (const std::string_view column : kColumns) add_cell(line, column);
  for (const std::string& measure : measures) add_cell(line, measure);
  return line + '\n';
}

std::string points_csv_line(const PointRow& row) {
  std::string line;
  add_cell(line, std::to_string(row.point));
  add_cell(line, row.machine);
  add_cell(line, row.workload);
  for (const Fact& value : row.values) add_cell(line, text_of(&value));
  add_cell(line, row.status);
  const Facts run = row.run ? row_facts(*row.run) : Facts{};
  for (const std::string_view column : kColumns) add_cell(line, text_of(run.find(column)));
  for (const Fact measure : row.measures) add_cell(line, text_of(&measure));
  return line + '\n';
}

}  // namespace hdp
