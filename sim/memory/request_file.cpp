// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <limits>
#include <span>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/memory/request_file.hpp>

namespace hdp {
namespace {

constexpr std::size_t kRecordBytes = 16;
constexpr std::size_t kMostBytes = std::size_t{4} << 30U;

std::uint64_t little_endian(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;)
    value = value << 8 | std::to_integer<std::uint64_t>(bytes[i]);
  return value;
}

void check_address(const DramRequest& request, std::uint64_t capacity, const std::string& place) {
  if (request.address >= capacity)
    throw UserError({.path = place,
                     .problem = fmt::format("address {}", request.address),
                     .allowed = fmt::format("addresses below {}, the capacity", capacity)});
}

std::vector<DramRequest> parse_records(std::span<const std::byte> bytes, const std::string& origin,
                                       RequestBounds bounds) {
  if (bytes.size() % kRecordBytes != 0)
    throw UserError({.path = origin,
                     .problem = fmt::format("{}", bytes.size()),
                     .unit = "bytes",
                     .allowed = "whole records of 16 bytes"});
  std::vector<DramRequest> requests;
  requests.reserve(std::min(bytes.size() / kRecordBytes, bounds.limit));
  for (std::size_t at = 0; at < bytes.size() && requests.size() < bounds.limit;
       at += kRecordBytes) {
    const auto place = [&] { return fmt::format("{}, record {}", origin, at / kRecordBytes); };
    const std::uint64_t write = little_endian(bytes.subspan(at + 12, 4));
    if (write > 1)
      throw UserError(
          {.path = place(), .problem = fmt::format("write flag {}", write), .allowed = "0 or 1"});
    requests.push_back({little_endian(bytes.subspan(at, 8)),
                        static_cast<std::uint32_t>(little_endian(bytes.subspan(at + 8, 4))),
                        write == 1});
    if (requests.back().address >= bounds.capacity)
      check_address(requests.back(), bounds.capacity, place());
  }
  return requests;
}

/// Takes the next word off the front of `line`; empty where there is none.
std::string_view next_word(std::string_view& line) {
  constexpr std::string_view kSpace = " \t\r";
  line.remove_prefix(std::min(line.find_first_not_of(kSpace), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kSpace));
  line.remove_prefix(word.size());
  return word;
}

std::uint64_t number(std::string_view word, std::uint64_t largest, const std::string& place,
                     std::string_view what) {
  const bool hexadecimal = word.starts_with("0x") || word.starts_with("0X");
  const std::string_view digits = hexadecimal ? word.substr(2) : word;
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 10);
  if (error != std::errc() || end != digits.data() + digits.size() || value > largest)
    throw UserError({.path = place,
                     .problem = fmt::format("{} \"{}\"", what, word),
                     .allowed = fmt::format("0 to {}, decimal or 0x hexadecimal", largest)});
  return value;
}

DramRequest parse_line(std::string_view line, const std::string& place) {
  const std::string_view kind = next_word(line);
  if (kind != "R" && kind != "W")
    throw UserError({.path = place,
                     .problem = fmt::format("\"{}\"", kind),
                     .allowed = "R or W, then ADDRESS [NOT_BEFORE]"});
  const std::string_view address = next_word(line);
  const std::string_view not_before = next_word(line);
  const std::string_view rest = next_word(line);
  if (!rest.empty())
    throw UserError({.path = place,
                     .problem = fmt::format("\"{}\" after the request", rest),
                     .allowed = "R|W ADDRESS [NOT_BEFORE]"});
  constexpr std::uint64_t kLatest = std::numeric_limits<std::uint32_t>::max();
  return {number(address, std::numeric_limits<std::uint64_t>::max(), place, "address"),
          not_before.empty()
              ? 0
              : static_cast<std::uint32_t>(number(not_before, kLatest, place, "not-before cycle")),
          kind == "W"};
}

}  // namespace

std::vector<DramRequest> parse_requests(std::string_view text, const std::string& origin,
                                        RequestBounds bounds) {
  std::vector<DramRequest> requests;
  for (std::size_t line_number = 1; !text.empty() && requests.size() < bounds.limit;
       ++line_number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    std::string_view rest = line;
    const std::string_view first = next_word(rest);
    if (first.empty() || first.starts_with('#')) continue;
    const std::string place = fmt::format("{}, line {}", origin, line_number);
    requests.push_back(parse_line(line, place));
    check_address(requests.back(), bounds.capacity, place);
  }
  return requests;
}

std::vector<DramRequest> read_requests(const std::filesystem::path& path, RequestBounds bounds) {
  const InputFile file(path, kMostBytes);
  if (path.extension() == ".bin") return parse_records(file.bytes(), path.string(), bounds);
  return parse_requests(file.text(), path.string(), bounds);
}

}  // namespace hdp
