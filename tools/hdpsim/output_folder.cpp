// SPDX-License-Identifier: Apache-2.0
#include "output_folder.hpp"

#include <system_error>

#include <hdp/base/output.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> missing_parts(const fs::path& folder) {
  std::vector<fs::path> parts;
  std::error_code unreachable;
  for (fs::path part = folder; !part.empty() && !fs::exists(part, unreachable);
       part = part.parent_path())
    parts.push_back(part);
  return parts;
}

}  // namespace

OutputFolder::OutputFolder(const fs::path& folder) {
  if (folder.empty()) return;
  created_ = missing_parts(folder);
  make_folder(folder);
}

OutputFolder::~OutputFolder() {
  std::error_code not_empty;
  for (const fs::path& part : created_) fs::remove(part, not_empty);
}

}  // namespace hdp
