// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/config/read.hpp>
#include <hdp/study/compare.hpp>

namespace hdp {
namespace {

bool is_report(const std::string& file) {
  std::error_code unreachable;
  if (!std::filesystem::is_regular_file(file, unreachable)) return false;
  return peek_text(read_text(file), "format", file).value_or("").starts_with("report-");
}

}  // namespace

bool are_reports(const std::vector<std::string>& files) {
  const auto reports = std::ranges::count_if(files, is_report);
  if (reports == 0) return false;
  if (const auto other = std::ranges::find_if_not(files, is_report); other != files.end())
    refuse(*other, "is no report, as others here are", "reports alone, or machines alone");
  return true;
}

std::vector<TableRow> compare_reports(const std::vector<std::string>& files) {
  std::vector<TableRow> rows;
  for (const std::string& file : files) rows.push_back(row_of_report(read_text(file), file));
  return rows;
}

}  // namespace hdp
