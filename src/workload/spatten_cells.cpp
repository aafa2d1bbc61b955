// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "workload/message.hpp"
#include "workload/spatten_columns.hpp"
#include <hdp/base/error.hpp>

namespace hdp::detail {
namespace {

using Row = SpattenRow;

std::string allowed(const IntegerCell& cell) {
  return fmt::format("{}{} to {}", cell.or_none ? "-1, or " : "", cell.least, cell.most);
}
std::string allowed(const ProbabilityCell& /*cell*/) { return "-1, or 0 to 1"; }
std::string allowed(const FlagCell& /*cell*/) { return "True, False"; }

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<std::int64_t> value_of(const IntegerCell& cell, std::string_view text) {
  const std::size_t point = text.find('.');
  if (point != std::string_view::npos) {
    const std::string_view fraction = text.substr(point + 1);
    if (fraction.empty() || fraction.find_first_not_of('0') != std::string_view::npos) return {};
    text = text.substr(0, point);
  }
  const auto value = number_in<std::int64_t>(text);
  if (!value) return {};
  const bool none = cell.or_none && *value == -1;
  return none || (*value >= cell.least && *value <= cell.most) ? value : std::nullopt;
}

std::optional<double> value_of(const ProbabilityCell& /*cell*/, std::string_view text) {
  const auto value = number_in<double>(text);
  return value && (*value == -1 || (*value >= 0 && *value <= 1)) ? value : std::nullopt;
}

std::optional<bool> value_of(const FlagCell& /*cell*/, std::string_view text) {
  if (text == "True") return true;
  if (text == "False") return false;
  return std::nullopt;
}

void append(const IntegerCell& cell, const Row& row, std::string& out) {
  out += fmt::format("{}{}", row.*cell.member, cell.with_point ? ".0" : "");
}
void append(const ProbabilityCell& cell, const Row& row, std::string& out) {
  out += fmt::format("{}", row.*cell.member);
}
void append(const FlagCell& cell, const Row& row, std::string& out) {
  out += row.*cell.member ? "True" : "False";
}

[[noreturn]] void refuse_value(std::string column, std::int64_t value, std::string allowed) {
  refuse(std::move(column), fmt::format("{}", value), std::move(allowed));
}

}  // namespace

void read_cell(const SpattenColumn& column, std::string_view text, Row& row) {
  const auto read = [&](const auto& cell) {
    const auto value = value_of(cell, text);
    if (!value)
      throw UserError({.path = std::string(column.name),
                       .problem = fmt::format("\"{}\"", clipped(text)),
                       .allowed = allowed(cell)});
    row.*cell.member = *value;
  };
  std::visit(read, column.cell);
}

void write_cell(const SpattenColumn& column, const Row& row, std::string& out) {
  const std::size_t begin = out.size();
  std::visit([&](const auto& cell) { append(cell, row, out); }, column.cell);
  Row back;
  read_cell(column, std::string_view(out).substr(begin), back);
}

void check_row(SpattenFormat format, const Row& row) {
  if (format == SpattenFormat::Generation) {
    if (row.requantise_rows != 0)
      refuse_value("auto_requant_num", row.requantise_rows, "0 in a generation file");
    return;
  }
  if (row.iteration != 0) refuse_value("iteration_id", row.iteration, "0 in a prefill file");
  if (row.value_fetch != row.key_fetch)
    refuse_value("value_fetch_num", row.value_fetch,
                 fmt::format("the key count, {}, in a prefill file", row.key_fetch));
  if (row.rescales_importance)
    refuse_value("if_rescale_previous_importance", 1, "0 in a prefill file");
}

bool is_number(std::string_view text) { return number_in<double>(text).has_value(); }

}  // namespace hdp::detail
