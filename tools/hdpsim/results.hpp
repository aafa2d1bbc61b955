// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "new_parents.hpp"
#include <hdp/base/output_lock.hpp>

namespace hdp {

/// The files that a command leaves. They appear at its end, all or none; until then what was there
/// before is as it was, and nothing new is there, not even the folder. docs/robustness.md says what
/// holds when the program is killed in between.
class Results {
 public:
  Results() = default;
  Results(const Results&) = delete;
  Results& operator=(const Results&) = delete;
  ~Results();

  /// A file of its own; "": none.
  void add_file(const std::string& path);
  /// A file of its own that is read, too, but not before it is claimed.
  void add_revised_file(const std::string& path);
  /// Files of a folder that is made where it is missing; "": none. Files that were added before and
  /// lie in it are of it, too. The last one is the sign that all are there.
  void add_folder(const std::string& folder, const std::vector<std::string>& names);
  /// Before any work, and after all inputs are read, or as many as can be. UserError where a file
  /// could not be written, is an input, another output, or the target of another hdpsim that runs.
  void claim();
  /// What a file, named as it was added, is to hold; the content must live until it is published.
  void put(const std::filesystem::path& path, std::string_view content);
  /// Everything that was put appears. UserError where a file is an input that was read since.
  void publish();

 private:
  struct File {
    std::filesystem::path named, place;  ///< As given, and where that is.
    std::string_view content{};
    bool put = false, revised = false;
  };
  void claim_folder();
  void find_places();
  void refuse_inputs_and_doubles(bool before_reading) const;
  void lock(const std::filesystem::path& target);

  std::filesystem::path folder_, place_;
  std::vector<File> files_;
  NewParents parents_;  ///< Of the folder.
  std::vector<OutputLock> locks_;
};

}  // namespace hdp
