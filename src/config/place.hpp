// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace hdp {

/// Where a value stands: "/core/rows" in a file, "core.rows" on a command line.
struct Place {
  std::string path;
  bool dotted;

  static Place in_file() { return {"", false}; }
  [[nodiscard]] Place child(std::string_view key) const;
};

}  // namespace hdp
