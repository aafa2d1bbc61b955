// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <hdp/config/catalog.hpp>

namespace hdp {

/// A machine's file and those it extends (`"base": "hdp_edge"`).
struct MachineFile {
  struct Part {
    std::filesystem::path path;
    std::string text;
  };
  std::vector<Part> parts;  ///< What is extended first, the file itself last.

  /// Of the file, without folder and extension.
  [[nodiscard]] std::string name() const { return parts.back().path.stem().string(); }
  /// What the parts say under "kind"; nothing where none does. UserError where two disagree.
  [[nodiscard]] std::optional<std::string> kind() const;
};

/// The key under which a machine's file names the one that it extends: a name, or a path from the
/// file's own folder.
inline constexpr std::string_view kBaseKey = "base";

/// UserError for a file that extends itself, and for more than eight files in a row.
MachineFile read_machine_file(const Catalog& catalog, const std::string& name_or_path);

}  // namespace hdp
