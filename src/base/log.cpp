// SPDX-License-Identifier: Apache-2.0
#include <cstddef>

#include <fmt/format.h>

#include <hdp/base/log.hpp>

namespace hdp {
namespace {

/// "\x1b" for an escape; C1 control characters, two bytes of UTF-8 each, steer terminals too.
std::string on_one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (c == '\n') {
      line += "\\n";
    } else if (c < 0x20 || c == 0x7f) {
      line += fmt::format("\\x{:02x}", c);
    } else if (c == 0xc2 && next >= 0x80 && next < 0xa0) {
      line += fmt::format("\\u{:04x}", next);
      ++i;
    } else {
      line += text[i];
    }
  }
  return line;
}

}  // namespace

void Log::hand_over(LogLevel level, std::string_view text) const {
  sink_->log(level, on_one_line(text));
}

}  // namespace hdp
