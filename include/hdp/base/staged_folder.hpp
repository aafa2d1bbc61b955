// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/base/output.hpp>

namespace hdp {

/// Files of a folder that appear together. A folder that is new, or holds nothing but older ones of
/// these files, is put in place as a whole, in one step. In any other the file that is last in the
/// list is the sign: it goes first and comes last, so that who sees it sees files of one kind.
class StagedFolder {
 public:
  struct File {
    std::string name;
    std::string_view content;  ///< Must live as long as this object.
  };
  /// `folder` need not exist, its parent must. Errors are the user's.
  StagedFolder(std::filesystem::path folder, std::vector<File> files);
  StagedFolder(const StagedFolder&) = delete;
  StagedFolder& operator=(const StagedFolder&) = delete;
  ~StagedFolder();
  void appear();

 private:
  [[nodiscard]] bool can_be_replaced() const;
  void stage_whole();
  void stage_each();
  [[nodiscard]] bool replace();

  std::filesystem::path folder_;
  std::vector<File> files_;
  std::filesystem::path whole_;  ///< The folder under its temporary name; "": file by file.
  std::vector<StagedFile> each_;
};

}  // namespace hdp
