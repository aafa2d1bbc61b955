// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <hdp/base/facts.hpp>
#include <hdp/machine/result.hpp>

namespace hdp {

/// One run, as a line of a table.
struct TableRow {
  std::string machine, workload;
  std::string step{};  ///< Of an ablation.
  std::int64_t cycles = 0;
  double time_ns = 0;
  std::int64_t read_bytes = 0, written_bytes = 0;  ///< Asked of the memory.
  std::optional<double> energy_pj{};
  Resources resources;
  std::int64_t clock_mhz = 0;
  std::optional<double> area_um2{};
  double utilisation = 0;  ///< Busy share of the multiplier arrays.
  std::optional<double> gop_per_s{}, dense_gop_per_s{}, power_w{}, energy_delay_js{};
  std::optional<double> mac_utilisation{}, ops_per_byte{}, bandwidth_share{};
  std::optional<double> relative_frobenius{}, mass_kept{};
  std::string limiter{};
  std::string baseline{};  ///< What the ratios are over; "" where there is none.
  std::optional<std::int64_t> baseline_cycles{}, baseline_read_bytes{};
  std::optional<double> speedup{}, energy_ratio{};
  std::string remark{};
  std::string sources{};  ///< Of the machine: what is published, recalled, measured, ours.
  /// What it takes to make the run again, where the maker of the row says so: settings of the
  /// machine, their digest as in a report, and what a report says of the workload.
  Facts config{};
  std::string config_sha256{};
  Facts workload_facts{};
};

/// The run as a line; ratios over its baseline, where it has one.
TableRow table_row(const Comparison& comparison);
/// What table.json says of a row.
Facts row_facts(const TableRow& row);
/// Sets the ratios of `row` to those over `base`, which reports call `name`.
void measure_against(const TableRow& base, const std::string& name, TableRow& row);

/// A finished report as a line. UserError where it is no report of format "report-1".
TableRow row_of_report(const std::string& text, const std::string& origin);
TableRow row_of_report(const Fact& report, const std::string& origin);

/// What a computer took for the dense attention of a workload: measured, so no two are the same.
struct HostTime {
  std::string workload;
  double time_ns = 0;                          ///< The shortest
  std::int64_t runs = 0;                       ///< of so many.
  std::optional<double> relative_frobenius{};  ///< Of its outputs, in float, beside double.
};

/// For people: a line a row; columns that no row fills are left out.
std::string table_text(std::span<const TableRow> rows, std::span<const HostTime> host = {});
/// Format "table-2".
std::string table_json(std::span<const TableRow> rows, std::span<const HostTime> host = {});
/// The rows of such a text. UserError where it is none.
std::vector<TableRow> rows_of_table(const std::string& text, const std::string& origin);

/// What a row was made from: `key` is a digest of settings and inputs, `build` of the program.
struct RowOrigin {
  std::string key, build;
};
/// A finished row as a file that a later run may read instead of making it again.
std::string row_text(const TableRow& row, const RowOrigin& origin);
/// Nothing where the text is none of such a row, has another origin, or was changed since.
std::optional<TableRow> row_of(const std::string& text, const RowOrigin& origin);

}  // namespace hdp
