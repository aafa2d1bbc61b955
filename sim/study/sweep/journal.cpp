// SPDX-License-Identifier: Apache-2.0
#include "study/sweep/journal.hpp"

#include <charconv>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>

namespace hdp {
namespace {

constexpr std::size_t kDigits = 16;       // of the digest of an entry
constexpr std::size_t kLongestHead = 96;  // of an entry
constexpr std::size_t kLongestIdentity = 4096;
constexpr double kSyncSeconds = 0.25;

/// `@ POINT CSV_BYTES JSON_BYTES DIGEST`, before the two lines.
std::string head_of(std::int64_t point, const PointText& text) {
  const std::string digest = sha256_hex(fmt::format("{}\n{}{}", point, text.csv, text.json));
  return fmt::format("@ {} {} {} {}\n", point, text.csv.size(), text.json.size(),
                     digest.substr(0, kDigits));
}

/// Takes a number off the front, and the space behind it.
template <class Number>
bool take(std::string_view& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.starts_with(' ')) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

SweepJournal::SweepJournal(const std::filesystem::path& path, const std::string& identity,
                           const Log& log)
    : path_(path), file_(path) {
  const std::string line = identity + '\n';
  const std::string begin = file_.read(0, kLongestIdentity);
  if (line.starts_with(begin) && begin != line) {  // new, or cut off in its first line
    file_.cut(0);
    file_.append(line);
    file_.sync();
    return;
  }
  if (!begin.starts_with(line))
    refuse(path.string(), "was begun by another build of hdpsim, or for other points of the sweep",
           "the build and the shard that it was begun with, or --fresh");
  read_entries(line.size(), log);
}

void SweepJournal::read_entries(std::uint64_t from, const Log& log) {
  std::uint64_t at = from;
  while (const auto entry = entry_at(at)) {
    const auto& [point, place] = *entry;
    at = place.start + place.csv + place.json;
    places_[point] = place;
  }
  if (at == file_.size()) return;
  log.warning([&] {
    return fmt::format("{}: {} bytes at the end are no whole point, dropped", path_.string(),
                       file_.size() - at);
  });
  file_.cut(at);
}

std::optional<std::pair<std::int64_t, SweepJournal::Place>> SweepJournal::entry_at(
    std::uint64_t at) const {
  const std::string begin = file_.read(at, kLongestHead);
  const std::size_t end = begin.find('\n');
  if (end == std::string::npos || !begin.starts_with("@ ")) return std::nullopt;
  std::string_view head = std::string_view(begin).substr(2, end - 2);
  std::int64_t point = 0;
  Place place{.start = at + end + 1};
  if (!take(head, point) || !take(head, place.csv) || !take(head, place.json)) return std::nullopt;
  const std::uint64_t left = file_.size() - place.start;
  if (place.csv > left || place.json > left - place.csv) return std::nullopt;
  const PointText text{file_.read(place.start, place.csv),
                       file_.read(place.start + place.csv, place.json)};
  if (head_of(point, text) != begin.substr(0, end + 1)) return std::nullopt;
  return std::pair{point, place};
}

PointText SweepJournal::read(std::int64_t point) const {
  const Place& place = places_.at(point);
  return {file_.read(place.start, place.csv), file_.read(place.start + place.csv, place.json)};
}

void SweepJournal::append(std::int64_t point, const PointText& text) {
  const std::string head = head_of(point, text);
  const std::uint64_t start = file_.append(head + text.csv + text.json);
  places_[point] = {start + head.size(), text.csv.size(), text.json.size()};
  if (since_sync_.seconds() >= kSyncSeconds) sync();
}

void SweepJournal::sync() {
  file_.sync();
  since_sync_ = {};
}

}  // namespace hdp
