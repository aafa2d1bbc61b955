// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

namespace hdp {

/// The parents of a folder, made where they are missing; gone again, while empty, unless kept: also
/// when the program is interrupted.
class NewParents {
 public:
  NewParents() = default;
  NewParents(const NewParents&) = delete;
  NewParents& operator=(const NewParents&) = delete;
  ~NewParents();
  /// Errors name the folder as `named`.
  void make(const std::filesystem::path& folder, const std::filesystem::path& named);
  void keep() { made_.clear(); }

 private:
  std::vector<std::filesystem::path> made_;  ///< The outermost first.
};

}  // namespace hdp
