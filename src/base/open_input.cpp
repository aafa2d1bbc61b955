// SPDX-License-Identifier: Apache-2.0
#include "open_input.hpp"

#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cannot.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file_identity.hpp>

namespace hdp {
namespace {

void refuse_what_is_no_file(const std::filesystem::path& path, const struct stat& info) {
  if (S_ISREG(info.st_mode)) return;
  if (S_ISDIR(info.st_mode)) cannot("read", path, EISDIR);
  refuse(path.string(), fmt::format("is {}", kind_of(info.st_mode)), "a regular file");
}

}  // namespace

int open_input(const std::filesystem::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) cannot("open", path, errno);
  refuse_what_is_no_file(path, info);  // to open a device may do something
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) cannot("open", path, errno);
  try {
    if (::fstat(fd, &info) != 0) cannot("read", path, errno);
    refuse_what_is_no_file(path, info);
    note_file_in_use({info.st_dev, info.st_ino});
  } catch (...) {
    ::close(fd);
    throw;
  }
  return fd;
}

}  // namespace hdp
