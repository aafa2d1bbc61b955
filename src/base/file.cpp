// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <utility>

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cannot.hpp"
#include "open_input.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>

namespace hdp {
namespace {

using Path = std::filesystem::path;
using Stat = struct stat;

class Descriptor {
 public:
  explicit Descriptor(const Path& path) : path_(path), fd_(open_input(path)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(fd_); }

  [[nodiscard]] Stat info() const {
    Stat info{};
    if (::fstat(fd_, &info) != 0) cannot("read", path_, errno);
    return info;
  }

  /// Where data begins at `at` or later, and where it ends; {size, size} where only a hole is left.
  [[nodiscard]] std::pair<std::size_t, std::size_t> data_from(std::size_t at,
                                                              std::size_t size) const {
    const ::off_t begin = ::lseek(fd_, static_cast<::off_t>(at), SEEK_DATA);
    if (begin < 0) return {errno == ENXIO ? size : at, size};  // else: holes are not known here
    const ::off_t end = ::lseek(fd_, begin, SEEK_HOLE);
    return {std::min(size, static_cast<std::size_t>(begin)),
            end < 0 ? size : std::min(size, static_cast<std::size_t>(end))};
  }

  /// Less than asked for where the file ends.
  [[nodiscard]] std::size_t read(std::span<std::byte> to, std::size_t at) const {
    ::ssize_t got = 0;
    do got = ::pread(fd_, to.data(), to.size(), static_cast<::off_t>(at));
    while (got < 0 && errno == EINTR);
    if (got < 0) cannot("read", path_, errno);
    return static_cast<std::size_t>(got);
  }

 private:
  const Path& path_;
  int fd_;
};

/// Fills `bytes`, which are zero; false where the file ends before them.
bool read_all(const Descriptor& file, std::span<std::byte> bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const auto [begin, end] = file.data_from(at, bytes.size());
    for (at = begin; at < end;) {
      const std::size_t got = file.read(bytes.subspan(at, end - at), at);
      if (got == 0) return false;
      at += got;
    }
  }
  return true;
}

bool same(const Stat& a, const Stat& b) {
  return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
         a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

}  // namespace

InputFile::InputFile(const Path& path, std::size_t most) {
  const Descriptor file(path);
  const Stat before = file.info();
  const auto size = static_cast<std::size_t>(before.st_size);
  if (size > most)
    throw UserError({.path = path.string(),
                     .problem = fmt::format("is of {}", size),
                     .unit = "bytes",
                     .allowed = fmt::format("at most {}", most)});
  if (size == 0) return;
  void* data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) cannot(fmt::format("hold {} bytes", size), path, errno);
  memory_ = {static_cast<std::byte*>(data), Release{size}};
  if (!read_all(file, {memory_.get(), size}) || !same(before, file.info()))
    refuse(path.string(), "changed while it was read", "a file that nobody writes to");
}

void InputFile::Release::operator()(std::byte* memory) const { ::munmap(memory, size); }

std::string read_text(const Path& path) {
  return std::string(InputFile(path, kLargestText).text());
}

}  // namespace hdp
