// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <vector>

#include "command.hpp"

namespace hdp {

Catalog configurations(const Log& log) {
  std::vector<std::filesystem::path> roots;
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (!failed) {
    const auto installed = program.parent_path().parent_path() / "share" / "hdpsim";
    if (std::filesystem::is_directory(installed, failed)) roots.push_back(installed);
  }
  if (roots.empty()) roots.emplace_back(HDP_SOURCE_CONFIGS);
  return Catalog(std::move(roots), log);
}

}  // namespace hdp
