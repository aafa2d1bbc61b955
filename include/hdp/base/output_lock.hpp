// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace hdp {

/// While it lives, no other process has one for the same target. The lock is a file beside the
/// target (in it, where it is a folder whose parent cannot be written), which says who holds it;
/// one that a killed process left is free. Where the file system has no locks, nothing is locked.
class OutputLock {
 public:
  /// UserError, which names the owner, where another process has it.
  explicit OutputLock(const std::filesystem::path& target);
  OutputLock(OutputLock&& other) noexcept;
  OutputLock& operator=(OutputLock&&) = delete;
  ~OutputLock();
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
  int fd_ = -1;
};

}  // namespace hdp
