// SPDX-License-Identifier: Apache-2.0
#include "study/sweep/folder.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <hdp/base/error.hpp>
#include <hdp/base/output.hpp>

namespace hdp {
namespace {

constexpr std::string_view kJsonBegin = "{\"point\":";
constexpr std::size_t kLongestBegin = 32;  // with the number and what stands behind it

/// The number that a line begins with, behind `begin`; -1 where it does not.
std::int64_t number_in(std::string_view line, std::string_view begin) {
  std::int64_t number = -1;
  if (!line.starts_with(begin)) return number;
  line.remove_prefix(begin.size());
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  const bool good = error == std::errc() && end != line.data() + line.size() && *end == ',';
  return good ? number : -1;
}

}  // namespace

void publish_points(const SweepFolder& files, const std::string& header,
                    const std::vector<std::int64_t>& points,
                    const std::function<PointText(std::int64_t point)>& text_of) {
  GrowingFile csv(files.csv()), json(files.json());
  csv.write(header);
  for (const std::int64_t point : points) {
    const PointText text = text_of(point);
    csv.write(text.csv);
    json.write(text.json);
  }
  csv.appear();
  json.appear();
  sync_folder(files.folder);
}

FinishedPoints::Lines::Lines(const std::filesystem::path& path) : file(path) {
  constexpr std::size_t kPiece = std::size_t{1} << 20U;
  for (std::uint64_t at = 0; at < file.size(); at += kPiece) {
    const std::string piece = file.read(at, kPiece);
    for (std::size_t end = piece.find('\n'); end != std::string::npos;
         end = piece.find('\n', end + 1))
      ends.push_back(at + end + 1);
  }
}

std::string FinishedPoints::Lines::line(std::size_t number, std::size_t most) const {
  const std::uint64_t start = number == 0 ? 0 : ends[number - 1];
  return file.read(start, std::min(static_cast<std::size_t>(ends[number] - start), most));
}

FinishedPoints::FinishedPoints(const SweepFolder& files, const std::string& header)
    : csv_(files.csv()), json_(files.json()) {
  const auto refuse_pair = [&](const std::string& problem) {
    refuse(files.folder.string(), "points.csv and points.jsonl " + problem,
           "as hdpsim sweep wrote them");
  };
  if (csv_.ends.empty() || csv_.line(0) != header) refuse_pair("have other columns than the sweep");
  if (csv_.ends.size() != json_.ends.size() + 1) refuse_pair("hold different points");
  for (std::size_t i = 0; i < json_.ends.size(); ++i) {
    const std::int64_t point = number_in(json_.line(i, kLongestBegin), kJsonBegin);
    if (point < 0 || number_in(csv_.line(i + 1, kLongestBegin), "") != point)
      refuse_pair("hold different points");
    if (!points_.empty() && point <= points_.back()) refuse_pair("are not in order");
    points_.push_back(point);
  }
}

PointText FinishedPoints::read(std::size_t place) const {
  return {csv_.line(place + 1), json_.line(place)};
}

}  // namespace hdp
