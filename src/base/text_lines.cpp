// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cannot.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/file_identity.hpp>
#include <hdp/base/text_lines.hpp>

namespace hdp {

TextLines::TextLines(std::filesystem::path path) : path_(std::move(path)), buffer_(1U << 16U) {
  struct stat info {};
  if (::stat(path_.c_str(), &info) != 0) cannot("open", path_, errno);
  // To open a device may do something.
  if (!S_ISREG(info.st_mode)) refuse(path_.string(), "is no regular file", "a regular file");
  fd_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd_ < 0) cannot("open", path_, errno);
  note_file_in_use({info.st_dev, info.st_ino});
  size_ = info.st_size;
}

TextLines::~TextLines() {
  if (fd_ >= 0) ::close(fd_);
}

bool TextLines::fill() {
  ::ssize_t got = 0;
  do got = ::read(fd_, buffer_.data(), buffer_.size());
  while (got < 0 && errno == EINTR);
  if (got < 0) cannot("read", path_, errno);
  at_ = 0;
  end_ = static_cast<std::size_t>(got);
  return got > 0;
}

bool TextLines::next(std::string& line) {
  line.clear();
  bool any = false;
  while (at_ < end_ || fill()) {
    if (!any) ++number_;
    any = true;
    const auto begin = buffer_.begin() + static_cast<std::ptrdiff_t>(at_);
    const auto stop = std::find(begin, buffer_.begin() + static_cast<std::ptrdiff_t>(end_), '\n');
    line.append(begin, stop);
    const auto length = static_cast<std::size_t>(stop - begin);
    const bool whole = at_ + length < end_;
    at_ += length + (whole ? 1 : 0);
    taken_ += static_cast<std::int64_t>(length) + (whole ? 1 : 0);
    if (line.size() > kLargestText)
      refuse(where(), "is a line too long", fmt::format("at most {} bytes", kLargestText));
    if (whole) return true;
  }
  return any;
}

std::string TextLines::where() const { return fmt::format("{}:{}", path_.string(), number_); }

}  // namespace hdp
