// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "report/check_lines.hpp"
#include <hdp/base/one_line.hpp>

namespace hdp {
namespace {

/// One line of text for a place between tags or quotes. XML knows no way to write what one_line()
/// escapes, nor the two characters that UTF-8 has and XML has not.
std::string xml(std::string_view raw) {
  const std::string line = one_line(raw);
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::string_view rest = std::string_view(line).substr(i);
    if (rest.starts_with("\xef\xbf\xbe") || rest.starts_with("\xef\xbf\xbf")) {
      text += '?';
      i += 2;
    } else if (line[i] == '&') {
      text += "&amp;";
    } else if (line[i] == '<') {
      text += "&lt;";
    } else if (line[i] == '>') {
      text += "&gt;";
    } else if (line[i] == '"') {
      text += "&quot;";
    } else {
      text += line[i];
    }
  }
  return text;
}

std::string failure_of(const CaseResult& result) {
  std::string text = fmt::format(R"(      <failure type="{}" message="{}">)",
                                 result.refused.empty() ? "difference" : "cannot_run",
                                 xml(check_headline(result)));
  for (const std::string& line : check_lines(result)) text += '\n' + xml(line);
  return text + "\n</failure>\n";
}

}  // namespace

std::string check_junit(const CheckResults& results, std::string_view file) {
  const auto failures = std::ranges::count(results, false, &CaseResult::passed);
  const std::string name = xml(file);
  const std::string counts =
      fmt::format(R"(tests="{}" failures="{}" errors="0")", results.size(), failures);
  std::string text = fmt::format(R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="hdpsim check" {0}>
  <testsuite name="{1}" {0} skipped="0">
)",
                                 counts, name);
  for (const CaseResult& result : results) {
    text += fmt::format(R"(    <testcase classname="{}" name="{}")", name, xml(result.name));
    text += result.passed() ? "/>\n" : ">\n" + failure_of(result) + "    </testcase>\n";
  }
  return text + "  </testsuite>\n</testsuites>\n";
}

}  // namespace hdp
