// SPDX-License-Identifier: Apache-2.0
#include "report/json_text.hpp"

#include <cstdint>
#include <limits>
#include <string_view>

#include <fmt/format.h>

namespace hdp {
namespace {
constexpr std::string_view kMark = "exact integer:";
}

Json exact_integer(Int128 value) {
  if (value >= std::numeric_limits<std::int64_t>::min() &&
      value <= std::numeric_limits<std::int64_t>::max())
    return static_cast<std::int64_t>(value);
  if (value > 0 && value <= std::numeric_limits<std::uint64_t>::max())
    return static_cast<std::uint64_t>(value);
  return fmt::format("{}{}", kMark, value);
}

std::string json_text(const Json& json, int indent) {
  std::string text = json.dump(indent);
  const std::string opening = fmt::format("\"{}", kMark);
  for (std::size_t at = text.find(opening); at != std::string::npos; at = text.find(opening, at)) {
    text.erase(at, opening.size());
    text.erase(text.find('"', at), 1);
  }
  return text + '\n';
}

}  // namespace hdp
