// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "study/sweep/journal.hpp"
#include <hdp/base/seekable_file.hpp>

namespace hdp {

/// The files of a sweep's folder.
struct SweepFolder {
  std::filesystem::path folder;
  [[nodiscard]] std::filesystem::path sweep() const { return folder / "sweep.json"; }
  [[nodiscard]] std::filesystem::path csv() const { return folder / "points.csv"; }
  [[nodiscard]] std::filesystem::path json() const { return folder / "points.jsonl"; }
  [[nodiscard]] std::filesystem::path journal() const { return folder / "points.journal"; }
};

/// Writes points.csv and points.jsonl of `points`, in their order; text_of(point) gives the lines.
/// points.jsonl comes last: who sees it sees both whole.
void publish_points(const SweepFolder& files, const std::string& header,
                    const std::vector<std::int64_t>& points,
                    const std::function<PointText(std::int64_t point)>& text_of);

/// Finished points of a folder.
class FinishedPoints {
 public:
  /// UserError where the two files do not belong together.
  FinishedPoints(const SweepFolder& files, const std::string& header);
  [[nodiscard]] const std::vector<std::int64_t>& points() const { return points_; }
  /// By place in points().
  [[nodiscard]] PointText read(std::size_t place) const;

 private:
  struct Lines {
    explicit Lines(const std::filesystem::path& path);
    /// The line, or the beginning of it.
    [[nodiscard]] std::string line(std::size_t number, std::size_t most = std::string::npos) const;
    SeekableFile file;
    std::vector<std::uint64_t> ends;
  };
  Lines csv_, json_;
  std::vector<std::int64_t> points_;
};

}  // namespace hdp
