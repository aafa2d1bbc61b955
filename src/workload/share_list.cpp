// SPDX-License-Identifier: Apache-2.0
#include "workload/share_list.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "workload/message.hpp"
#include <hdp/base/error.hpp>

namespace hdp::detail {
namespace {

constexpr std::string_view kAllowed =
    "shares from 0 to 1 with at most six decimals, such as \"0.9, 0.2x4, 0.9..0.3x10\"";
constexpr std::size_t kDecimals = 6;

[[noreturn]] void refuse_entry(std::string_view entry) {
  refuse({}, fmt::format("\"{}\"", clipped(entry)), std::string(kAllowed));
}

std::int64_t digits(std::string_view text, std::string_view entry) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || text.starts_with('-')) refuse_entry(entry);
  return value;
}

/// "0.25" -> 250000.
Share share_of(std::string_view text, std::string_view entry) {
  const std::size_t point = text.find('.');
  std::string decimals(point == std::string_view::npos ? "" : text.substr(point + 1));
  if (decimals.size() > kDecimals || (point != std::string_view::npos && decimals.empty()))
    refuse_entry(entry);
  decimals.resize(kDecimals, '0');
  const std::int64_t whole = digits(text.substr(0, point), entry);
  const std::int64_t part = digits(decimals, entry);
  if (whole > 1 || (whole == 1 && part > 0)) refuse_entry(entry);
  return whole * kWhole + part;
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// Appends the layers of one entry, at most one more than `room`.
void append(std::string_view entry, std::int64_t room, std::vector<Share>& shares) {
  const std::size_t times = entry.find('x');
  const std::string_view value = entry.substr(0, times);
  const std::size_t dots = value.find("..");
  const bool ramp = dots != std::string_view::npos;
  if (ramp && times == std::string_view::npos) refuse_entry(entry);
  const std::int64_t count =
      times == std::string_view::npos ? 1 : digits(entry.substr(times + 1), entry);
  if (count < (ramp ? 2 : 1)) refuse_entry(entry);
  const Share first = share_of(value.substr(0, dots), entry);
  const Share last = ramp ? share_of(value.substr(dots + 2), entry) : first;
  for (std::int64_t i = 0; i < std::min(count, room + 1); ++i)
    shares.push_back(count == 1 ? first : first + (last - first) * i / (count - 1));
}

}  // namespace

std::vector<Share> shares_of(std::string_view text, std::int64_t layers) {
  std::vector<Share> shares;
  const bool alone = text.find_first_of(",x") == std::string_view::npos;
  for (std::string_view rest = text;;) {
    const std::size_t comma = rest.find(',');
    append(trimmed(rest.substr(0, comma)), layers - std::ssize(shares), shares);
    if (comma == std::string_view::npos || std::ssize(shares) > layers) break;
    rest.remove_prefix(comma + 1);
  }
  if (alone) shares.resize(static_cast<std::size_t>(layers), shares.front());
  if (std::ssize(shares) > layers)
    refuse({}, fmt::format("shares for more than {} layers", layers),
           fmt::format("one share, or one for each of {} layers", layers));
  if (std::ssize(shares) != layers)
    refuse({}, fmt::format("shares for {} layers", shares.size()),
           fmt::format("one share, or one for each of {} layers", layers));
  return shares;
}

}  // namespace hdp::detail
