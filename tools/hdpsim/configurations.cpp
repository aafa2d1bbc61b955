// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <optional>
#include <vector>

#include "command.hpp"

namespace hdp {
namespace {

namespace fs = std::filesystem;

/// What lies beside the installed program; nothing where it was not installed.
std::optional<fs::path> installed() {
  std::error_code failed;
  const auto program = fs::read_symlink("/proc/self/exe", failed);
  if (failed) return std::nullopt;
  const auto folder = program.parent_path().parent_path() / "share" / "hdpsim";
  return fs::is_directory(folder, failed) ? std::optional(folder) : std::nullopt;
}

}  // namespace

Catalog configurations(const Log& log) {
  return Catalog({installed().value_or(HDP_SOURCE_CONFIGS)}, log);
}

fs::path page_parts() {
  const auto folder = installed();
  return folder ? *folder / "page" : fs::path(HDP_SOURCE_PAGE);
}

}  // namespace hdp
