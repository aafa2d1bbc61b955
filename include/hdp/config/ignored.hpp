// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hdp/base/error.hpp>

namespace hdp {

/// A setting, or a group of them, that changes nothing as the others stand.
struct IgnoredSetting {
  std::string path;   ///< Dotted.
  std::string why;    ///< "the memory is a DRAM, whose peak follows from its timing"
  std::string needs;  ///< A change that would make it count: "model=ideal".
};

/// What a configuration's `ignored_settings(config)` says, found by argument like validate(): paths
/// and needs stand from its own group on. Where two entries hold a setting, the first one counts.
using IgnoredSettings = std::vector<IgnoredSetting>;

/// Adds what a group at `place` ignores.
void add_ignored(IgnoredSettings& list, std::string_view place, const IgnoredSettings& of_group);

/// Adds `paths` under one reason.
void add_ignored(IgnoredSettings& list, std::initializer_list<std::string_view> paths,
                 std::string_view why, std::string_view needs);

/// The user changed a setting that changes nothing.
class IgnoredChange : public UserError {
 public:
  IgnoredChange(Mistake mistake, std::string change)
      : UserError(std::move(mistake)), change_(std::move(change)) {}
  /// As the user wrote it, "path=value".
  [[nodiscard]] const std::string& change() const { return change_; }

 private:
  std::string change_;
};

/// Throws IgnoredChange for the first of `changes` (as set_value takes them) that sets what is
/// ignored. Of an object every value counts; a group from a file may hold values for alternatives,
/// and is refused where it is ignored as a whole.
void refuse_ignored(std::span<const std::string> changes, const IgnoredSettings& ignored);

/// The same for a configuration that says what it ignores.
template <class Config>
void refuse_ignored_changes(const Config& config, std::span<const std::string> changes) {
  if constexpr (requires { ignored_settings(config); })
    refuse_ignored(changes, ignored_settings(config));
}

}  // namespace hdp
