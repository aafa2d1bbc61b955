// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/check_lines.hpp"
#include <hdp/base/one_line.hpp>

namespace hdp {
namespace {

/// As the runner reads it back: `also` of what ends a property.
std::string escaped(std::string_view raw, std::string_view also = {}) {
  std::string text;
  for (const char c : raw)
    if (c == '%' || c == '\r' || c == '\n' || also.find(c) != std::string_view::npos)
      text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      text += c;
  return text;
}

std::string property(std::string_view raw) { return escaped(raw, ":,"); }

}  // namespace

std::string check_github(const CheckResults& results, std::string_view file) {
  constexpr std::size_t kMostLines = 20;
  std::string text;
  for (const CaseResult& result : results) {
    if (result.passed()) continue;
    const std::vector<std::string> lines = check_lines(result);
    std::string message = check_headline(result);
    if (result.refused.empty())
      for (std::size_t i = 0; i < lines.size() && i < kMostLines; ++i) message += '\n' + lines[i];
    if (lines.size() > kMostLines)
      message += fmt::format("\nand {} more", lines.size() - kMostLines);
    text += fmt::format("::error file={},title={}::{}\n", property(one_line(file)),
                        property("hdpsim check: " + one_line(result.name)), escaped(message));
  }
  return text;
}

}  // namespace hdp
