// SPDX-License-Identifier: Apache-2.0
#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cannot.hpp"
#include "write_all.hpp"
#include <hdp/base/appended_file.hpp>
#include <hdp/base/error.hpp>

namespace hdp {
namespace {

int open_to_grow(const std::filesystem::path& path) {
  const int fd =
      ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
  if (fd < 0) cannot("write", path, errno);
  struct stat there {};
  if (::fstat(fd, &there) == 0 && S_ISREG(there.st_mode)) return fd;
  ::close(fd);
  refuse(path.string(), fmt::format("cannot write: is {}", kind_of(there.st_mode)), "a file");
}

}  // namespace

AppendedFile::AppendedFile(std::filesystem::path path) : SeekableFile(path, open_to_grow(path)) {}

void AppendedFile::cut(std::uint64_t size) {
  if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) cannot("write", path_, errno);
  size_ = size;
}

std::uint64_t AppendedFile::append(std::string_view piece) {
  const std::uint64_t start = size_;
  try {
    write_all(fd_, piece, path_);
  } catch (...) {
    if (::ftruncate(fd_, static_cast<off_t>(start)) != 0) {
      // Half a piece stays: whoever reads the file again must see that it is none.
    }
    throw;
  }
  size_ += piece.size();
  return start;
}

void AppendedFile::sync() { sync_written(fd_, path_); }

}  // namespace hdp
