// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace hdp {

/// One spelling of a path, links followed, of which the end need not exist yet.
std::filesystem::path place_of(const std::filesystem::path& path);
/// A name, beside `target`, for what is to become it. It cannot be guessed.
std::filesystem::path temporary_name(const std::filesystem::path& target);
/// The name, beside `target`, of the file that its OutputLock holds.
std::filesystem::path lock_name(const std::filesystem::path& target);
/// Removes what a killed process left in `folder` of a target called `target`; "": of any.
void remove_leftovers(const std::filesystem::path& folder, const std::string& target);

enum class Sync { No, Yes };  ///< Yes: the content is on the disk before the name is.

/// A file that has all its content, but a temporary name: gone again unless it appears. Nothing
/// that was there before is opened, no link is followed. Errors are the user's, and name `target`.
class StagedFile {
 public:
  StagedFile(std::filesystem::path target, std::string_view content, Sync sync);
  StagedFile(StagedFile&& other) noexcept;
  StagedFile& operator=(StagedFile&&) = delete;
  ~StagedFile();
  /// Takes the place of what was called so; behind a link, of the file that the link names.
  void appear();

 private:
  std::filesystem::path target_, temporary_;
};

/// The same, written piece by piece; its content is on the disk before its name is.
class GrowingFile {
 public:
  explicit GrowingFile(std::filesystem::path target);
  GrowingFile(const GrowingFile&) = delete;
  GrowingFile& operator=(const GrowingFile&) = delete;
  ~GrowingFile();
  void write(std::string_view piece);
  void appear();

 private:
  std::filesystem::path target_, temporary_;
  std::string held_;  ///< Not yet with the system.
  int fd_ = -1;
};

/// A file that must not be there yet; errors name it as `named`.
void write_new_file(const std::filesystem::path& path, const std::filesystem::path& named,
                    std::string_view content, Sync sync);

/// A StagedFile that appears at once: a reader never sees half a file.
void write_file(const std::filesystem::path& path, std::string_view content);

/// Throws UserError where write_file(path) could not work: found out before the work is done.
void check_writable(const std::filesystem::path& path);

/// Creates `folder` and its parents; throws UserError, which names `named`, where that cannot be,
/// or where it cannot be written into.
void make_folder(const std::filesystem::path& folder, const std::filesystem::path& named);
inline void make_folder(const std::filesystem::path& folder) { make_folder(folder, folder); }
/// What a folder holds, or that it has been renamed, is on the disk; silent where that cannot be.
void sync_folder(const std::filesystem::path& folder);

}  // namespace hdp
