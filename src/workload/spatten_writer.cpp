// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "workload/message.hpp"
#include "workload/spatten_columns.hpp"
#include <hdp/base/error.hpp>
#include <hdp/workload/spatten_workload.hpp>

namespace hdp {
namespace {

void check_trailer(const std::string& trailer) {
  const bool one_cell = trailer.find_first_of(",\n") == std::string::npos;
  if (one_cell && !detail::is_number(trailer)) return;
  throw UserError({.path = "trailer",
                   .problem = fmt::format("\"{}\"", detail::clipped(trailer)),
                   .allowed = "one line without a comma that is no number"});
}

void write_row(SpattenFormat format, const SpattenRow& row, std::string& out) {
  detail::check_row(format, row);
  bool first = true;
  for (const detail::SpattenColumn& column : detail::columns_of(format)) {
    if (!first) out += ',';
    first = false;
    detail::write_cell(column, row, out);
  }
  out += '\n';
}

}  // namespace

std::string write_spatten_workload(const SpattenWorkload& workload) {
  check_trailer(workload.trailer);
  const auto columns = detail::columns_of(workload.format);
  std::string out;
  for (const detail::SpattenColumn& column : columns)
    out += fmt::format("{}{}", out.empty() ? "" : ",", column.name);
  out += '\n';
  for (std::size_t i = 0; i < workload.rows.size(); ++i) {
    try {
      write_row(workload.format, workload.rows[i], out);
    } catch (const UserError& mistake) {
      throw mistake.within(fmt::format("row {}", i));
    }
  }
  if (!workload.trailer.empty())
    out += workload.trailer + std::string(columns.size() - 1, ',') + '\n';
  return out;
}

}  // namespace hdp
