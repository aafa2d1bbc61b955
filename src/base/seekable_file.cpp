// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cannot.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/seekable_file.hpp>

namespace hdp {

SeekableFile::SeekableFile(std::filesystem::path path) : SeekableFile(std::move(path), O_RDONLY) {}

SeekableFile::SeekableFile(std::filesystem::path path, int flags)
    : path_(std::move(path)), fd_(::open(path_.c_str(), flags | O_NONBLOCK | O_CLOEXEC, 0666)) {
  const char* const verb = (flags & O_CREAT) != 0 ? "write" : "read";
  if (fd_ < 0) cannot(verb, path_, errno);
  struct stat there {};
  const bool seen = ::fstat(fd_, &there) == 0;
  if (seen && S_ISREG(there.st_mode)) {
    size_ = static_cast<std::uint64_t>(there.st_size);
    return;
  }
  const int error = errno;
  ::close(fd_);
  if (!seen) cannot(verb, path_, error);
  refuse(path_.string(), fmt::format("cannot {}: is {}", verb, kind_of(there.st_mode)), "a file");
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
