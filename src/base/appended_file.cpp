// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "cannot.hpp"
#include "write_all.hpp"
#include <hdp/base/appended_file.hpp>

namespace hdp {

AppendedFile::AppendedFile(std::filesystem::path path)
    : SeekableFile(std::move(path), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW) {}

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
