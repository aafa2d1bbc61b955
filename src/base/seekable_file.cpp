// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "cannot.hpp"
#include "open_input.hpp"
#include <hdp/base/seekable_file.hpp>

namespace hdp {

SeekableFile::SeekableFile(std::filesystem::path path) : SeekableFile(path, open_input(path)) {}

SeekableFile::SeekableFile(std::filesystem::path path, int fd) : path_(std::move(path)), fd_(fd) {
  struct stat info {};
  if (::fstat(fd_, &info) == 0) size_ = static_cast<std::uint64_t>(info.st_size);
}

SeekableFile::~SeekableFile() { ::close(fd_); }

std::string SeekableFile::read(std::uint64_t offset, std::size_t length) const {
  std::string bytes(length, '\0');
  std::size_t have = 0;
  while (have < length) {
    const ssize_t got =
        ::pread(fd_, bytes.data() + have, length - have, static_cast<off_t>(offset + have));
    if (got == 0) break;
    if (got < 0 && errno != EINTR) cannot("read", path_, errno);
    if (got > 0) have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace hdp
