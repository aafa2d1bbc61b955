// SPDX-License-Identifier: Apache-2.0
// The columns of the two SpAtten workload formats, described once for reader and writer.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include <hdp/workload/spatten_workload.hpp>

namespace hdp::detail {

/// An integer column: from `least` to `most`, and -1 where the row may name none.
struct IntegerCell {
  std::int64_t SpattenRow::*member;
  std::int64_t least;
  std::int64_t most;
  bool or_none = false;
  bool with_point = false;  ///< Written as "64.0".
};

/// A probability, or -1 where the row names none.
struct ProbabilityCell {
  double SpattenRow::*member;
};

/// "True" or "False".
struct FlagCell {
  bool SpattenRow::*member;
};

struct SpattenColumn {
  std::string_view name;
  std::variant<IntegerCell, ProbabilityCell, FlagCell> cell;
};

/// The columns in the order in which they are written.
std::span<const SpattenColumn> columns_of(SpattenFormat format);

/// Sets the column's member of `row` to what `text` says; UserError with the column as path.
void read_cell(const SpattenColumn& column, std::string_view text, SpattenRow& row);

/// Appends the cell of `row`; UserError, with the column as path, for what read_cell refuses.
void write_cell(const SpattenColumn& column, const SpattenRow& row, std::string& out);

/// Entries of a row that belong together, or that the format has no column for. UserError with the
/// column as path.
void check_row(SpattenFormat format, const SpattenRow& row);

/// Whether a cell reads as a number: what tells a row from the trailer.
bool is_number(std::string_view text);

}  // namespace hdp::detail
