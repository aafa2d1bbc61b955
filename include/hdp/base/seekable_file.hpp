// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace hdp {

/// A file that is read here and there, however large it is. Errors are the user's, as of InputFile.
class SeekableFile {
 public:
  explicit SeekableFile(std::filesystem::path path);
  SeekableFile(const SeekableFile&) = delete;
  SeekableFile& operator=(const SeekableFile&) = delete;
  ~SeekableFile();

  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Up to `length` bytes from `offset` on, fewer at the end of the file.
  [[nodiscard]] std::string read(std::uint64_t offset, std::size_t length) const;

 protected:
  /// Of a regular file that has been opened.
  SeekableFile(std::filesystem::path path, int fd);

  std::filesystem::path path_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace hdp
