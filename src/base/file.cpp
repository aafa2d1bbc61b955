// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>

namespace hdp {
namespace {

/// The reason of errno as the C library words it.
std::string reason(int error) { return std::generic_category().message(error); }

[[noreturn]] void cannot(std::string_view verb, const std::filesystem::path& path, int error) {
  throw UserError(
      {.path = path.string(), .problem = fmt::format("cannot {}: {}", verb, reason(error))});
}

class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (fd_ < 0) cannot("open", path, errno);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(fd_); }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

/// Writes `content` to `file`; mistakes name the path that the user knows.
void put(const std::filesystem::path& file, const std::filesystem::path& named,
         std::string_view content) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  if (!out) cannot("write", named, errno);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) cannot("write", named, errno);
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
  const Descriptor file(path);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) cannot("read", path, errno);
  if (!S_ISREG(info.st_mode)) cannot("read", path, S_ISDIR(info.st_mode) ? EISDIR : EINVAL);
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size == 0) return;
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data == MAP_FAILED) cannot("map", path, errno);
  bytes_ = {static_cast<const std::byte*>(data), size};
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

std::string read_text(const std::filesystem::path& path) {
  const MappedFile file(path);
  const auto bytes = file.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  std::error_code failed;
  const auto status = std::filesystem::status(path, failed);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    put(path, path, content);  // a device or a pipe is written, never replaced
    return;
  }
  // Behind a link, the file it names is replaced and the link stays.
  const std::filesystem::path target =
      std::filesystem::exists(status) ? std::filesystem::canonical(path, failed) : path;
  std::filesystem::path partial = target;
  partial += fmt::format(".partial-{}", ::getpid());
  try {
    put(partial, path, content);
    std::filesystem::rename(partial, target, failed);
    if (failed) cannot("write", path, failed.value());
  } catch (...) {
    std::filesystem::remove(partial, failed);
    throw;
  }
}

void check_writable(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::error_code failed;
  const auto status = std::filesystem::status(folder, failed);
  if (!std::filesystem::exists(status)) cannot("write", path, ENOENT);
  if (!std::filesystem::is_directory(status)) cannot("write", path, ENOTDIR);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) cannot("write", path, errno);
  if (std::filesystem::is_directory(path, failed)) cannot("write", path, EISDIR);
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) cannot("create folder", folder, failed.value());
  if (::access(folder.c_str(), W_OK | X_OK) != 0) cannot("write into folder", folder, errno);
}

}  // namespace hdp
