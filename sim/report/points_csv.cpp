// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include <hdp/config/facts_text.hpp>
#include <hdp/report/points_csv.hpp>

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

std::string text_of(const Fact& value) {
  if (value.is_null()) return {};
  if (const auto* const text = value.as<std::string>()) return *text;
  std::string text = facts_text(value, -1);
  text.pop_back();
  return text;
}

/// What of a run stands in the table, in its order: the one list for the header and the lines.
template <class Visit>
void each_column(const TableRow& run, const Visit& visit) {
  visit("cycles", run.cycles);
  visit("time_ns", run.time_ns);
  visit("read_bytes", run.read_bytes);
  visit("written_bytes", run.written_bytes);
  visit("energy_pj", run.energy_pj);
  visit("multipliers", run.resources.multipliers);
  visit("sram_bytes", run.resources.sram_bytes);
  visit("peak_bytes_per_s", run.resources.peak_bytes_per_s);
  visit("area_um2", run.area_um2);
  visit("utilisation", run.utilisation);
  visit("relative_frobenius", run.relative_frobenius);
  visit("mass_kept", run.mass_kept);
  visit("speedup", run.speedup);
  visit("energy_ratio", run.energy_ratio);
  visit("limiter", run.limiter);
}

}  // namespace

std::string points_csv_header(const std::vector<std::string>& paths,
                              const std::vector<std::string>& measures) {
  std::string line = "point,machine,workload";
  for (const std::string& path : paths) add_cell(line, path);
  add_cell(line, "status");
  each_column({}, [&](const char* name, const auto&) { add_cell(line, name); });
  for (const std::string& measure : measures) add_cell(line, measure);
  return line + '\n';
}

std::string points_csv_line(const PointRow& row) {
  std::string line;
  add_cell(line, std::to_string(row.point));
  add_cell(line, row.machine);
  add_cell(line, row.workload);
  for (const Fact& value : row.values) add_cell(line, text_of(value));
  add_cell(line, row.status);
  each_column(row.run.value_or(TableRow{}), [&](const char*, const auto& value) {
    add_cell(line, row.run ? text_of(Fact(value)) : std::string());
  });
  for (const auto& measure : row.measures) add_cell(line, text_of(Fact(measure)));
  return line + '\n';
}

}  // namespace hdp
