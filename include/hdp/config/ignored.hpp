// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/config/assign.hpp>
#include <hdp/config/write.hpp>

namespace hdp {

/// A setting, or a group of them, that changes nothing as the others stand.
struct IgnoredSetting {
  std::string path;   ///< Dotted.
  std::string why;    ///< "the memory is ideal"
  std::string needs;  ///< What would make it count: "model=dram", or in words "a prefill".
};

/// What a configuration's `ignored_settings(config)` says, beside its validate(): paths and needs
/// stand from its own group on. Where two entries hold a setting, the first one speaks.
using IgnoredSettings = std::vector<IgnoredSetting>;

/// What is said of `path`, or of a group around it; nullptr where it counts.
const IgnoredSetting* find_ignored(const IgnoredSettings& ignored, std::string_view path);

/// Adds `paths` under one reason.
void add_ignored(IgnoredSettings& list, std::initializer_list<std::string_view> paths,
                 std::string_view why, std::string_view needs);

/// Adds what a group at `place` ignores.
void add_ignored(IgnoredSettings& list, std::string_view place, const IgnoredSettings& of_group);

/// Those of `changes` that give a setting of `config` another value than it has.
template <Settings Config>
std::vector<std::string> changes_of(const Config& config, std::span<const std::string> changes) {
  const std::string text = write_settings(config);
  std::vector<std::string> real;
  for (const std::string& change : changes) {
    Config changed = config;
    set_value(changed, change);
    if (write_settings(changed) != text) real.push_back(change);
  }
  return real;
}

/// UserError for the first of `changes` (as set_value takes them) that sets what every one of
/// several runs ignores; `runs` holds what each does. Of an object every value counts; a group from
/// a file may hold values for alternatives, and is refused where it is ignored as a whole.
void refuse_ignored(std::span<const std::string> changes, std::span<const IgnoredSettings> runs);

}  // namespace hdp
