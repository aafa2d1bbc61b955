// SPDX-License-Identifier: Apache-2.0
#include <mutex>
#include <set>

#include <sys/stat.h>

#include <hdp/base/file_identity.hpp>

namespace hdp {
namespace {

struct FilesInUse {
  std::mutex mutex;
  std::set<FileIdentity> files;
};

/// Of this process.
FilesInUse& files_in_use() {
  static FilesInUse all;
  return all;
}

}  // namespace

std::optional<FileIdentity> identity_of(const std::filesystem::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return FileIdentity{info.st_dev, info.st_ino};
}

void note_file_in_use(FileIdentity file) {
  const std::lock_guard lock(files_in_use().mutex);
  files_in_use().files.insert(file);
}

bool is_file_in_use(FileIdentity file) {
  const std::lock_guard lock(files_in_use().mutex);
  return files_in_use().files.contains(file);
}

}  // namespace hdp
