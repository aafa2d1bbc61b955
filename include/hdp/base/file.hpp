// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace hdp {

/// A file mapped read-only into memory. Errors are the user's: missing, unreadable, not a file.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

/// The whole of a small text file. Errors are the user's.
std::string read_text(const std::filesystem::path& path);

/// Writes to a temporary name in the same folder and renames: a reader never sees half a file.
/// Errors are the user's (folder missing or not writable).
void write_file(const std::filesystem::path& path, std::string_view content);

/// Throws UserError where write_file(path) could not work: found out before the work is done.
void check_writable(const std::filesystem::path& path);

/// Creates `folder` and its parents; throws UserError where it cannot be written.
void make_folder(const std::filesystem::path& folder);

}  // namespace hdp
