// SPDX-License-Identifier: Apache-2.0
#include "report/json_text.hpp"

#include <cstdint>
#include <limits>

#include <fmt/format.h>

namespace hdp {
namespace {

/// The layout of nlohmann's dump(), which cannot write an integer of more than 64 bits.
class Writer {
 public:
  explicit Writer(int indent) : indent_(indent) {}

  void write(const Json& json, int depth) {
    if (json.is_binary()) {
      const auto& digits = json.get_binary();
      text_.append(digits.begin(), digits.end());
    } else if (json.is_structured() && !json.empty()) {
      write_members(json, depth);
    } else {
      text_ += scalar(json);
    }
  }
  std::string take() { return std::move(text_); }

 private:
  static std::string scalar(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  void write_members(const Json& json, int depth) {
    const bool object = json.is_object();
    text_ += object ? '{' : '[';
    bool first = true;
    for (const auto& [key, value] : json.items()) {
      if (!first) text_ += ',';
      first = false;
      new_line(depth + 1);
      if (object) text_ += scalar(key) + (indent_ < 0 ? ":" : ": ");
      write(value, depth + 1);
    }
    new_line(depth);
    text_ += object ? '}' : ']';
  }

  void new_line(int depth) {
    if (indent_ < 0) return;
    text_ += '\n';
    text_.append(static_cast<std::size_t>(depth) * static_cast<std::size_t>(indent_), ' ');
  }

  int indent_;
  std::string text_;
};

}  // namespace

Json exact_integer(Int128 value) {
  if (value >= std::numeric_limits<std::int64_t>::min() &&
      value <= std::numeric_limits<std::int64_t>::max())
    return static_cast<std::int64_t>(value);
  if (value > 0 && value <= std::numeric_limits<std::uint64_t>::max())
    return static_cast<std::uint64_t>(value);
  const std::string digits = fmt::format("{}", value);
  return Json::binary({digits.begin(), digits.end()});
}

std::string json_text(const Json& json, int indent) {
  Writer writer(indent);
  writer.write(json, 0);
  return writer.take() + '\n';
}

}  // namespace hdp
