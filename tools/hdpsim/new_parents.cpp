// SPDX-License-Identifier: Apache-2.0
#include "new_parents.hpp"

#include <system_error>

#include "interruption.hpp"
#include <hdp/base/output.hpp>

namespace hdp {

namespace fs = std::filesystem;

NewParents::~NewParents() {
  std::error_code in_use;
  for (; !made_.empty(); made_.pop_back()) fs::remove(made_.back(), in_use);
}

void NewParents::make(const fs::path& folder, const fs::path& named) {
  std::error_code unreachable;
  for (fs::path part = folder.parent_path(); !part.empty() && !fs::exists(part, unreachable);
       part = part.parent_path())
    made_.insert(made_.begin(), part);
  for (const fs::path& part : made_) remove_when_interrupted(part);
  make_folder(folder.parent_path(), named);
}

}  // namespace hdp
