// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

namespace hdp {

/// The folder that results go to, made before any work is done so that a mistake in its name shows
/// at once. What it had to create goes again, while empty, unless keep() is called.
class OutputFolder {
 public:
  /// UserError where the folder cannot be made or written into. "": no folder.
  explicit OutputFolder(const std::filesystem::path& folder);
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;
  ~OutputFolder();
  void keep() { created_.clear(); }

 private:
  std::vector<std::filesystem::path> created_;  ///< The innermost first.
};

}  // namespace hdp
