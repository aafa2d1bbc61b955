// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cerrno>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cannot.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file_identity.hpp>
#include <hdp/base/output.hpp>
#include <hdp/base/output_lock.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

fs::path lock_of(const fs::path& target) {
  const fs::path parent = target.has_parent_path() ? target.parent_path() : ".";
  const bool inside = ::access(parent.c_str(), W_OK | X_OK) != 0 && fs::is_directory(target);
  return lock_name(inside ? target / target.filename() : target);
}

std::string owner() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host.front() = '?';
  return fmt::format("pid {} on {} since {:%Y-%m-%dT%H:%M:%SZ}", ::getpid(), host.data(),
                     fmt::gmtime(std::time(nullptr)));
}

std::string owner_of(int lock) {
  std::array<char, 512> text{};
  const ssize_t size = ::pread(lock, text.data(), text.size(), 0);
  const std::string_view words(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return std::string(words.substr(0, words.find('\n')));
}

}  // namespace

OutputLock::OutputLock(const fs::path& target) : file_(lock_of(target)) {
  while (true) {
    fd_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd_ < 0) cannot("write", target, errno);
    if (::flock(fd_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      const std::string holder = owner_of(fd_);
      ::close(fd_);
      refuse(target.string(), fmt::format("is being written by another hdpsim ({})", holder),
             "once that one is done");
    }
    // Who held it before may have removed it between our two calls.
    struct stat ours {};
    if (::fstat(fd_, &ours) == 0 && identity_of(file_) == FileIdentity{ours.st_dev, ours.st_ino})
      break;
    ::close(fd_);
  }
  const std::string text = owner() + '\n';
  if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, text.data(), text.size(), 0) < 0) {
    // A full disk: nobody learns who holds it, but it is held.
  }
}

OutputLock::OutputLock(OutputLock&& other) noexcept
    : file_(std::move(other.file_)), fd_(std::exchange(other.fd_, -1)) {}

OutputLock::~OutputLock() {
  if (fd_ < 0) return;
  ::unlink(file_.c_str());
  ::close(fd_);
}

}  // namespace hdp
