// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/one_line.hpp>

namespace hdp {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 0;  ///< 0: no UTF-8.
};

/// The character that `text` begins with. Overlong forms and surrogates are no UTF-8.
Character first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
  std::uint32_t code = lead & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return {};
    code = code << 6U | (byte(i) & 0x3fU);
  }
  constexpr std::uint32_t kLeast[] = {0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (code < kLeast[bytes - 2] || code > 0x10ffff || surrogate) return {};
  return {code, bytes};
}

bool is_harmless(std::uint32_t code) {
  const auto within = [&](std::uint32_t least, std::uint32_t most) {
    return code >= least && code <= most;
  };
  const bool control = code < 0x20 || within(0x7f, 0x9f);
  const bool separator = within(0x2028, 0x2029);
  const bool direction =
      code == 0x61c || within(0x200e, 0x200f) || within(0x202a, 0x202e) || within(0x2066, 0x2069);
  return !control && !separator && !direction;
}

/// A character at a time, so that none is cut in the middle.
template <class Take>
void for_each_shown(std::string_view text, Take take) {
  while (!text.empty()) {
    const Character first = first_of(text);
    const std::size_t bytes = std::max<std::size_t>(1, first.bytes);
    const auto byte = static_cast<unsigned char>(text.front());
    if (first.bytes == 0 || (byte < 0x80 && !is_harmless(byte)))
      take(byte == '\n' ? std::string("\\n") : fmt::format("\\x{:02x}", byte));
    else if (!is_harmless(first.code))
      take(fmt::format("\\u{:04x}", first.code));
    else
      take(text.substr(0, bytes));
    text.remove_prefix(bytes);
  }
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for_each_shown(text, [&](std::string_view shown) { line += shown; });
  return line;
}

std::string one_line(std::string_view text, std::size_t most) {
  if (text.size() <= most) {
    std::string line = one_line(text);
    if (line.size() <= most) return line;
  }
  // Nothing is shown in fewer bytes than it has, so half the room is full before `ends` are cut.
  const std::size_t ends = std::min(most, text.size()), half = most / 2;
  std::string head, tail;
  for_each_shown(text.substr(0, ends), [&](std::string_view shown) {
    if (head.size() < half) head += shown;
  });
  std::vector<std::string> last;
  for_each_shown(text.substr(text.size() - ends),
                 [&](std::string_view shown) { last.emplace_back(shown); });
  while (!last.empty() && tail.size() < half) {
    tail.insert(0, last.back());
    last.pop_back();
  }
  return head + "..." + tail;
}

void need_one_line(std::string_view path, std::string_view text) {
  if (one_line(text) != text)
    refuse(std::string(path), "holds control characters", "one line of printable text");
}

}  // namespace hdp
