// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "report/json_text.hpp"
#include "report/text_parts.hpp"
#include <hdp/base/version.hpp>
#include <hdp/report/run_table.hpp>

namespace hdp {
namespace {

std::string ratio(double above, double below) { return fmt::format("{:.2f} x", above / below); }

Json measure_json(const RunMeasure& run) {
  return {{"cycles", run.cycles},
          {"read_bytes", run.read_bytes},
          {"time_ns", run.time_ns},
          {"energy_pj", or_null(run.energy_pj)}};
}

RunMeasure measure_of(const Json& json) {
  RunMeasure run{json.at("cycles"), json.at("read_bytes"), json.at("time_ns")};
  if (!json.at("energy_pj").is_null()) run.energy_pj = json.at("energy_pj").get<double>();
  return run;
}

Json row_json(const TableRow& row) {
  return {{"workload", row.workload},
          {"label", row.label},
          {"run", measure_json(row.run)},
          {"unpruned", measure_json(row.base)},
          {"speedup", row.speedup()},
          {"limiter", row.limiter},
          {"relative_frobenius", or_null(row.relative_error)},
          {"mass_kept", or_null(row.mass_kept)}};
}

std::size_t widest(std::span<const TableRow> rows, std::string TableRow::*text) {
  std::size_t width = 8;
  for (const TableRow& row : rows) width = std::max(width, (row.*text).size());
  return width;
}

}  // namespace

std::string table_text(std::span<const TableRow> rows) {
  const std::size_t workload = widest(rows, &TableRow::workload);
  const std::size_t label = widest(rows, &TableRow::label);
  const bool compared =
      std::ranges::any_of(rows, [](const TableRow& row) { return row.relative_error.has_value(); });
  std::string text = fmt::format(
      "{:<{}}  {:<{}}{:>13}{:>11}{:>13}{:>11}{:>10}{:>12}{:>14}    {:<10}{}\n", "workload",
      workload, "", label, "cycles", "DRAM read", "unpruned", "DRAM read", "speedup", "DRAM ratio",
      "energy ratio", "limiter", compared ? "   error     mass" : "");
  while (text[text.size() - 2] == ' ') text.erase(text.size() - 2, 1);
  for (const TableRow& row : rows) {
    text += fmt::format(
        "{:<{}}  {:<{}}{:>13}{:>11}{:>13}{:>11}{:>10}{:>12}{:>14}    {:<10}", row.workload,
        workload, row.label, label, row.run.cycles, bytes_text(row.run.read_bytes), row.base.cycles,
        bytes_text(row.base.read_bytes), ratio(row.base.time_ns, row.run.time_ns),
        ratio(static_cast<double>(row.base.read_bytes), static_cast<double>(row.run.read_bytes)),
        row.run.energy_pj && row.base.energy_pj ? ratio(*row.base.energy_pj, *row.run.energy_pj)
                                                : "-",
        row.limiter);
    if (compared)
      text += fmt::format("{:>8}{:>8.1f}%", number_or_dash(row.relative_error),
                          100 * row.mass_kept.value_or(0));
    while (text.back() == ' ') text.pop_back();
    text += '\n';
  }
  return text;
}

std::string table_json(std::span<const TableRow> rows) {
  Json list = Json::array();
  for (const TableRow& row : rows) list.push_back(row_json(row));
  return json_text(
      {{"format", "table-1"}, {"hdpsim", {{"version", kVersion}}}, {"rows", std::move(list)}});
}

std::string row_text(const TableRow& row, const std::string& key) {
  return json_text({{"format", "table-row-1"}, {"key", key}, {"row", row_json(row)}});
}

std::optional<TableRow> row_of(const std::string& text, const std::string& key) {
  const Json file = Json::parse(text, nullptr, false);
  if (!file.is_object() || file.value("format", "") != "table-row-1" ||
      file.value("key", "") != key)
    return std::nullopt;
  try {
    const Json& json = file.at("row");
    TableRow row{json.at("workload"), json.at("label"), measure_of(json.at("run")),
                 measure_of(json.at("unpruned")), json.at("limiter")};
    const auto optional = [&](const char* name) {
      return json.at(name).is_null() ? std::optional<double>() : json.at(name).get<double>();
    };
    row.relative_error = optional("relative_frobenius");
    row.mass_kept = optional("mass_kept");
    return row;
  } catch (const Json::exception&) {
    return std::nullopt;  // made by hand, or cut off: it is made again
  }
}

}  // namespace hdp
