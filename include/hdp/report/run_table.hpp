// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace hdp {

/// What a table says of one run.
struct RunMeasure {
  std::int64_t cycles = 0;
  std::int64_t read_bytes = 0;  ///< Asked of the DRAM.
  double time_ns = 0;
  std::optional<double> energy_pj{};  ///< Where the machine has energies.
};

/// One run beside the run without pruning.
struct TableRow {
  std::string workload, label;  ///< `label`: the machine, or the step of an ablation.
  RunMeasure run, base;
  std::string limiter;
  std::optional<double> relative_error{}, mass_kept{};  ///< Where an output was compared.
  [[nodiscard]] double speedup() const { return base.time_ns / run.time_ns; }
};

/// For people: a line a row.
std::string table_text(std::span<const TableRow> rows);
/// Format "table-1".
std::string table_json(std::span<const TableRow> rows);

/// A finished row as a file that a later run may read instead of making it again: `key` is a
/// digest of all that it depends on.
std::string row_text(const TableRow& row, const std::string& key);
/// Nothing where the text is none of such a row, or has another key.
std::optional<TableRow> row_of(const std::string& text, const std::string& key);

}  // namespace hdp
