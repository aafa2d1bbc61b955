// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "report/text_parts.hpp"
#include <hdp/report/run_table.hpp>

namespace hdp {
namespace {

/// A column: its head, and the cell of a row; "" where it has none.
struct Column {
  std::string head;
  bool left = false;
  std::function<std::string(const TableRow&)> cell;
};

std::string fixed(const std::optional<double>& value, double scale, int digits,
                  std::string_view unit = {}) {
  return value ? fmt::format("{:.{}f}{}", *value * scale, digits, unit) : std::string();
}

std::vector<Column> columns() {
  return {
      {"workload", true, [](const TableRow& r) { return r.workload; }},
      {"machine", true, [](const TableRow& r) { return r.machine; }},
      {"step", true, [](const TableRow& r) { return r.step; }},
      {"cycles", false, [](const TableRow& r) { return fmt::format("{}", r.cycles); }},
      {"time us", false, [](const TableRow& r) { return fixed(r.time_ns, 1e-3, 3); }},
      {"DRAM read", false, [](const TableRow& r) { return bytes_text(r.read_bytes); }},
      {"written", false, [](const TableRow& r) { return bytes_text(r.written_bytes); }},
      {"energy uJ", false, [](const TableRow& r) { return fixed(r.energy_pj, 1e-6, 3); }},
      {"util.", false, [](const TableRow& r) { return fixed(r.utilisation, 100, 1, "%"); }},
      {"MACs", false, [](const TableRow& r) { return fixed(r.mac_utilisation, 100, 1, "%"); }},
      {"of GB/s", false, [](const TableRow& r) { return fixed(r.bandwidth_share, 100, 1, "%"); }},
      {"GOP/s", false, [](const TableRow& r) { return fixed(r.gop_per_s, 1, 1); }},
      {"dense GOP/s", false, [](const TableRow& r) { return fixed(r.dense_gop_per_s, 1, 1); }},
      {"W", false, [](const TableRow& r) { return fixed(r.power_w, 1, 3); }},
      {"mult.", false,
       [](const TableRow& r) { return fmt::format("{}", r.resources.multipliers); }},
      {"SRAM", false, [](const TableRow& r) { return bytes_text(r.resources.sram_bytes); }},
      {"GB/s", false,
       [](const TableRow& r) { return fixed(r.resources.peak_bytes_per_s, 1e-9, 1); }},
      {"MHz", false, [](const TableRow& r) { return fmt::format("{}", r.clock_mhz); }},
      {"mm^2", false, [](const TableRow& r) { return fixed(r.area_um2, 1e-6, 3); }},
      {"error", false, [](const TableRow& r) { return fixed(r.relative_frobenius, 1, 4); }},
      {"mass", false, [](const TableRow& r) { return fixed(r.mass_kept, 100, 1, "%"); }},
      {"limiter", true, [](const TableRow& r) { return r.limiter; }},
      {"over", true, [](const TableRow& r) { return r.baseline; }},
      {"base cycles", false,
       [](const TableRow& r) {
         return r.baseline_cycles ? fmt::format("{}", *r.baseline_cycles) : std::string();
       }},
      {"speedup", false, [](const TableRow& r) { return fixed(r.speedup, 1, 2, " x"); }},
      {"energy ratio", false, [](const TableRow& r) { return fixed(r.energy_ratio, 1, 2, " x"); }},
      {"with", true, [](const TableRow& r) { return r.remark; }},
  };
}

std::string padded(std::string_view text, std::size_t width, bool left) {
  return left ? fmt::format("{:<{}}", text, width) : fmt::format("{:>{}}", text, width);
}

/// What every machine rests on, once.
std::string sources_text(std::span<const TableRow> rows) {
  std::string text;
  std::set<std::string_view> told;
  for (const TableRow& row : rows)
    if (!row.sources.empty() && told.insert(row.machine).second)
      text += fmt::format("note: {}: {}\n", row.machine, row.sources);
  return text;
}

}  // namespace

std::string table_text(std::span<const TableRow> rows, std::span<const HostTime> host) {
  std::vector<std::string> lines(rows.size() + 1);
  for (const Column& column : columns()) {
    std::vector<std::string> cells{column.head};
    std::size_t width = column.head.size();
    bool empty = true;
    for (const TableRow& row : rows) {
      std::string cell = column.cell(row);
      empty = empty && cell.empty();
      width = std::max(width, cell.size());
      cells.push_back(cell.empty() ? "-" : std::move(cell));
    }
    if (empty) continue;
    for (std::size_t i = 0; i < lines.size(); ++i)
      lines[i] += (lines[i].empty() ? "" : "  ") + padded(cells[i], width, column.left);
  }
  std::string text;
  for (std::string& line : lines) {
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  text += sources_text(rows);
  for (const HostTime& time : host)
    text += fmt::format(
        "host: {} us for the dense attention of {}: float with Eigen, one thread of this computer, "
        "the shortest of {} runs, measured\n",
        fixed(time.time_ns, 1e-3, 3), time.workload, time.runs);
  return text;
}

}  // namespace hdp
