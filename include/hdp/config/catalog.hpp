// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hdp/base/log.hpp>

namespace hdp {

class SharedCache;

/// Files that are known by name: `<root>/<kind>/<name>.json`, where a kind is a folder such as
/// "machines". Workloads may also be `.safetensors` or `.csv`. Earlier roots win. Whatever is read
/// by way of a catalog is told to its log.
class Catalog {
 public:
  explicit Catalog(std::vector<std::filesystem::path> roots, Log log = {})
      : roots_(std::move(roots)), log_(log) {}

  /// The file that a name or a path stands for. What holds a '/', ends in .json, .safetensors or
  /// .csv, or is a file where we stand is a path and comes back unchanged. UserError where there is
  /// no such file, where the name is unknown (with the known ones) or holds "..".
  [[nodiscard]] std::filesystem::path find(std::string_view kind,
                                           std::string_view name_or_path) const;

  /// The known names of a kind, sorted.
  [[nodiscard]] std::vector<std::string> names(std::string_view kind) const;

  [[nodiscard]] const Log& log() const { return log_; }

  /// The same files, of which those that machines name are read once and then found in `shared`.
  [[nodiscard]] Catalog sharing(SharedCache& shared) const {
    Catalog catalog = *this;
    catalog.shared_ = &shared;
    return catalog;
  }
  /// null: every file is read anew.
  [[nodiscard]] SharedCache* shared() const { return shared_; }

 private:
  std::vector<std::filesystem::path> roots_;
  Log log_;
  SharedCache* shared_ = nullptr;
};

}  // namespace hdp
