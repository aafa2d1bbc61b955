// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cannot.hpp"
#include <hdp/base/file_identity.hpp>
#include <hdp/base/staged_folder.hpp>

namespace hdp {
namespace fs = std::filesystem;

StagedFolder::StagedFolder(fs::path folder, std::vector<File> files)
    : folder_(std::move(folder)), files_(std::move(files)) {
  if (can_be_replaced())
    stage_whole();
  else
    stage_each();
}

StagedFolder::~StagedFolder() {
  std::error_code failed;
  if (!whole_.empty()) fs::remove_all(whole_, failed);
}

/// Not the folder that somebody stands in, nor one with files of other people.
bool StagedFolder::can_be_replaced() const {
  std::error_code failed;
  if (!fs::exists(folder_, failed)) return true;
  if (::access(folder_.parent_path().c_str(), W_OK | X_OK) != 0) return false;
  const auto ours = identity_of(folder_), parent = identity_of(folder_.parent_path());
  if (!ours || !parent || ours->device != parent->device || ours == identity_of(".")) return false;
  return std::ranges::all_of(fs::directory_iterator(folder_, failed), [&](const auto& entry) {
    return std::ranges::find(files_, entry.path().filename().string(), &File::name) !=
               files_.end() &&
           fs::is_regular_file(entry.symlink_status());
  });
}

void StagedFolder::stage_whole() {
  whole_ = temporary_name(folder_);
  if (::mkdir(whole_.c_str(), 0777) != 0) {
    const int error = errno;
    whole_.clear();
    cannot("create folder", folder_, error);
  }
  try {
    struct stat before {};
    if (::stat(folder_.c_str(), &before) == 0) ::chmod(whole_.c_str(), before.st_mode & 07777);
    for (const File& file : files_)
      write_new_file(whole_ / file.name, folder_ / file.name, file.content, Sync::Yes);
    sync_folder(whole_);
  } catch (...) {
    std::error_code failed;
    fs::remove_all(std::exchange(whole_, {}), failed);
    throw;
  }
}

void StagedFolder::stage_each() {
  each_.clear();
  for (const File& file : files_) each_.emplace_back(folder_ / file.name, file.content, Sync::Yes);
}

bool StagedFolder::replace() {
  // An empty folder that was made meanwhile is replaced as well.
  if (::rename(whole_.c_str(), folder_.c_str()) == 0)
    whole_.clear();
  else if (!can_be_replaced() ||
           ::renameat2(AT_FDCWD, whole_.c_str(), AT_FDCWD, folder_.c_str(), RENAME_EXCHANGE) != 0)
    return false;
  return true;  // whole_ is what was there before, and goes
}

void StagedFolder::appear() {
  if (whole_.empty() || !replace()) {
    if (each_.empty()) stage_each();
    std::error_code missing;
    fs::remove(folder_ / files_.back().name, missing);
    for (StagedFile& file : each_) file.appear();
    sync_folder(folder_);
  }
  sync_folder(folder_.parent_path());
}

}  // namespace hdp
