// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace hdp {

/// A file that is read here and there, however large it is. Errors are the user's.
class SeekableFile {
 public:
  /// UserError for what is missing, or no regular file.
  explicit SeekableFile(std::filesystem::path path);
  SeekableFile(const SeekableFile&) = delete;
  SeekableFile& operator=(const SeekableFile&) = delete;
  ~SeekableFile();

  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Up to `length` bytes from `offset` on, fewer at the end of the file.
  [[nodiscard]] std::string read(std::uint64_t offset, std::size_t length) const;

 protected:
  /// With further flags of open(2).
  SeekableFile(std::filesystem::path path, int flags);

  std::filesystem::path path_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace hdp
