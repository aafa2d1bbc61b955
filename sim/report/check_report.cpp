// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "report/change_text.hpp"
#include "report/check_lines.hpp"
#include <hdp/base/one_line.hpp>
#include <hdp/report/check_report.hpp>

namespace hdp {
namespace {

std::string line_of(const Difference& difference) {
  std::string line = fmt::format("{} {} -> {}", one_line(difference.key),
                                 value_line(difference.before), value_line(difference.after));
  if (difference.after)
    if (const auto relative = relative_change(difference.before, *difference.after))
      line += fmt::format(" ({})", percent_text(*relative));
  return line;
}

std::string counted(std::size_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

}  // namespace

std::vector<std::string> check_lines(const CaseResult& result) {
  const std::string name = one_line(result.name);
  if (!result.refused.empty())
    return {fmt::format("{} cannot run: {}", name, one_line(result.refused))};
  std::vector<std::string> lines;
  for (const Difference& difference : result.differences)
    lines.push_back(name + ' ' + line_of(difference));
  return lines;
}

std::string check_headline(const CaseResult& result) {
  if (!result.refused.empty()) return "cannot run: " + one_line(result.refused);
  return fmt::format("{} of {} not as expected", result.differences.size(),
                     counted(result.values, "value"));
}

bool all_passed(const CheckResults& results) {
  return std::ranges::all_of(results, &CaseResult::passed);
}

std::string check_text(const CheckResults& results) {
  std::string text;
  for (const CaseResult& result : results)
    for (const std::string& line : check_lines(result)) text += line + '\n';
  return text;
}

std::string check_summary(const CheckResults& results) {
  std::size_t values = 0, moved = 0, differ = 0, refused = 0;
  for (const CaseResult& result : results) {
    values += result.values;
    moved += result.differences.size();
    differ += result.differences.empty() ? 0 : 1;
    refused += result.refused.empty() ? 0 : 1;
  }
  std::string text =
      fmt::format("{}, {}: ", counted(results.size(), "case"), counted(values, "value"));
  if (differ == 0 && refused == 0) return text + "all as expected";
  if (differ > 0)
    text +=
        fmt::format("{} in {} not as expected", counted(moved, "value"), counted(differ, "case"));
  if (refused > 0)
    text += fmt::format("{}{} could not run", differ > 0 ? ", " : "", counted(refused, "case"));
  return text;
}

}  // namespace hdp
