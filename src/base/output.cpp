// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "cannot.hpp"
#include <hdp/base/output.hpp>

namespace hdp {
namespace {

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
