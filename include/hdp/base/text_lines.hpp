// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <hdp/base/seekable_file.hpp>

namespace hdp {

/// The lines of a text file, one after the other: of a file of any size one is held at a time.
/// Errors are the user's, as of InputFile, and a line of more than kLargestText bytes.
class TextLines {
 public:
  explicit TextLines(std::filesystem::path path);

  /// The next line, without its end; false behind the last one.
  bool next(std::string& line);
  /// "points.jsonl:3": where the line that was read last stands.
  [[nodiscard]] std::string where() const;
  [[nodiscard]] std::int64_t bytes_read() const { return static_cast<std::int64_t>(taken_); }
  [[nodiscard]] std::int64_t bytes() const { return static_cast<std::int64_t>(file_.size()); }

 private:
  std::filesystem::path path_;
  SeekableFile file_;
  std::string piece_;        ///< Of the file, up to what
  std::size_t at_ = 0;       ///< has been taken,
  std::uint64_t taken_ = 0;  ///< in the file.
  std::int64_t number_ = 0;
};

}  // namespace hdp
