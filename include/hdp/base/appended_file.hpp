// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include <hdp/base/seekable_file.hpp>

namespace hdp {

/// A file that only grows, and may be read while it does. One thread at a time.
class AppendedFile : public SeekableFile {
 public:
  /// Opens it, or makes an empty one.
  explicit AppendedFile(std::filesystem::path path);

  /// Leaves the first `size` bytes.
  void cut(std::uint64_t size);
  /// Adds a piece and returns where it begins; where that fails (a full disk) none of it stays.
  std::uint64_t append(std::string_view piece);
  /// All that was appended is on the disk.
  void sync();
};

}  // namespace hdp
