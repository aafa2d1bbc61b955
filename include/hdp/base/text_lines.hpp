// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hdp {

/// The lines of a text file, one after the other: of a file of any size one is held at a time.
/// Errors are the user's, as of InputFile, and a line of more than kLargestText bytes.
class TextLines {
 public:
  explicit TextLines(std::filesystem::path path);
  TextLines(const TextLines&) = delete;
  TextLines& operator=(const TextLines&) = delete;
  ~TextLines();

  /// The next line, without its end; false behind the last one.
  bool next(std::string& line);
  /// "points.jsonl:3": where the line that was read last stands.
  [[nodiscard]] std::string where() const;
  [[nodiscard]] std::int64_t bytes_read() const { return taken_; }
  [[nodiscard]] std::int64_t bytes() const { return size_; }

 private:
  bool fill();

  std::filesystem::path path_;
  int fd_ = -1;
  std::int64_t size_ = 0, taken_ = 0, number_ = 0;
  std::vector<char> buffer_;
  std::size_t at_ = 0, end_ = 0;  ///< What of the buffer has not been taken.
};

}  // namespace hdp
