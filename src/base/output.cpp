// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cannot.hpp"
#include "write_all.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/base/output.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = ".hdpsim-";

constexpr std::size_t kDigits = 8, kRandomDigits = 16;

/// As short for a long name as for any: the longest name that the folder takes can be staged.
std::string prefix_of(const std::string& target) {
  return fmt::format("{}{}-", kPrefix, sha256_hex(target).substr(0, kDigits));
}

int open_new(const fs::path& path, const fs::path& named) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (fd < 0) cannot("write", named, errno);
  return fd;
}

/// Some file systems tell only now that the disk is full.
void close_written(int& fd, const fs::path& named) {
  if (::close(std::exchange(fd, -1)) != 0) cannot("write", named, errno);
}

/// For what `target` will hold, once it is known that it may.
fs::path temporary_beside(const fs::path& target) {
  check_writable(target);
  return temporary_name(place_of(target));
}

class NewFile {
 public:
  NewFile(const fs::path& path, const fs::path& named)
      : named_(named), fd_(open_new(path, named)) {}
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  void write(std::string_view content) { write_all(fd_, content, named_); }
  void sync() { sync_written(fd_, named_); }
  void close() { close_written(fd_, named_); }

 private:
  const fs::path& named_;
  int fd_;
};

}  // namespace

void write_all(int fd, std::string_view content, const fs::path& named) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno != EINTR) cannot("write", named, errno);
    if (written > 0) content.remove_prefix(static_cast<std::size_t>(written));
  }
}

fs::path place_of(const fs::path& path) {
  std::error_code failed;
  fs::path place = fs::weakly_canonical(fs::absolute(path), failed);
  if (failed) place = fs::absolute(path).lexically_normal();
  return place.has_filename() ? place : place.parent_path();
}

fs::path temporary_name(const fs::path& target) {
  std::uint64_t random = 0;
  if (::getentropy(&random, sizeof random) != 0) cannot("write", target, errno);
  return target.parent_path() /
         fmt::format("{}{:0{}x}", prefix_of(target.filename().string()), random, kRandomDigits);
}

fs::path lock_name(const fs::path& target) {
  return target.parent_path() / (prefix_of(target.filename().string()) + "lock");
}

void remove_leftovers(const fs::path& folder, const std::string& target) {
  constexpr std::size_t kLength = kPrefix.size() + kDigits + 1 + kRandomDigits;
  const std::string prefix = target.empty() ? std::string(kPrefix) : prefix_of(target);
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
    const std::string name = entry.path().filename().string();
    if (name.size() == kLength && name.starts_with(prefix)) fs::remove_all(entry.path(), failed);
  }
}

StagedFile::StagedFile(fs::path target, std::string_view content, Sync sync)
    : target_(std::move(target)), temporary_(temporary_beside(target_)) {
  std::error_code failed;
  try {
    write_new_file(temporary_, target_, content, sync);
  } catch (...) {
    fs::remove(temporary_, failed);
    throw;
  }
}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : target_(std::move(other.target_)), temporary_(std::exchange(other.temporary_, {})) {}

StagedFile::~StagedFile() {
  std::error_code failed;
  if (!temporary_.empty()) fs::remove(temporary_, failed);
}

void StagedFile::appear() {
  std::error_code failed;
  fs::rename(temporary_, place_of(target_), failed);
  if (failed) cannot("write", target_, failed.value());
  temporary_.clear();
}

void sync_written(int fd, const fs::path& named) {
  if (::fsync(fd) != 0 && errno != EINVAL && errno != EROFS) cannot("write", named, errno);
}

GrowingFile::GrowingFile(fs::path target)
    : target_(std::move(target)),
      temporary_(temporary_beside(target_)),
      fd_(open_new(temporary_, target_)) {}

GrowingFile::~GrowingFile() {
  std::error_code failed;
  if (fd_ >= 0) ::close(fd_);
  if (!temporary_.empty()) fs::remove(temporary_, failed);
}

void GrowingFile::write(std::string_view piece) {
  constexpr std::size_t kMostHeld = std::size_t{1} << 20U;
  held_ += piece;
  if (held_.size() < kMostHeld) return;
  write_all(fd_, held_, target_);
  held_.clear();
}

void GrowingFile::appear() {
  write_all(fd_, held_, target_);
  sync_written(fd_, target_);
  close_written(fd_, target_);
  std::error_code failed;
  fs::rename(temporary_, place_of(target_), failed);
  if (failed) cannot("write", target_, failed.value());
  temporary_.clear();
}

void write_new_file(const fs::path& path, const fs::path& named, std::string_view content,
                    Sync sync) {
  NewFile file(path, named);
  file.write(content);
  if (sync == Sync::Yes) file.sync();
  file.close();
}

void write_file(const fs::path& path, std::string_view content) {
  StagedFile(path, content, Sync::No).appear();
}

void check_writable(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::error_code failed;
  const fs::file_status home = fs::status(folder, failed);
  if (!fs::exists(home)) cannot("write", path, failed ? failed.value() : ENOENT);
  if (!fs::is_directory(home)) cannot("write", path, ENOTDIR);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) cannot("write", path, errno);
  struct stat there {};
  if (::stat(path.c_str(), &there) != 0) {
    if (errno != ENOENT) cannot("write", path, errno);
    return;
  }
  if (S_ISDIR(there.st_mode)) cannot("write", path, EISDIR);
  if (!S_ISREG(there.st_mode))
    refuse(path.string(), fmt::format("cannot write: is {}", kind_of(there.st_mode)),
           "a file, or a name that is free");
}

void make_folder(const fs::path& folder, const fs::path& named) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) cannot("create folder", named, failed.value());
  if (::access(folder.c_str(), W_OK | X_OK) != 0) cannot("write into folder", named, errno);
}

void sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

}  // namespace hdp
