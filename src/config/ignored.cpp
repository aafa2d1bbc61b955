// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "config/json_tree.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/fact_path.hpp>
#include <hdp/config/ignored.hpp>

namespace hdp {
namespace {

/// Refuses `path`, or what the object `node` sets below it.
void check_value(const std::string& path, const JsonNode* node, std::string_view written,
                 std::span<const IgnoredSettings> runs) {
  const bool counts = std::ranges::any_of(
      runs, [&](const IgnoredSettings& run) { return find_ignored(run, path) == nullptr; });
  if (!counts && !runs.empty()) {
    const IgnoredSetting& ignored = *find_ignored(runs.front(), path);
    refuse(path, fmt::format("{} changes nothing: {}", written, ignored.why),
           "with " + ignored.needs);
  }
  const auto* object = node == nullptr ? nullptr : std::get_if<JsonNode::Object>(&node->value);
  if (object == nullptr) return;
  for (const JsonMember& member : *object)
    check_value(path + "." + member.key, &member.node, written, runs);
}

}  // namespace

const IgnoredSetting* find_ignored(const IgnoredSettings& ignored, std::string_view path) {
  const auto found = std::ranges::find_if(
      ignored, [&](const IgnoredSetting& setting) { return is_within(path, setting.path); });
  return found == ignored.end() ? nullptr : &*found;
}

void add_ignored(IgnoredSettings& list, std::string_view place, const IgnoredSettings& of_group) {
  for (const IgnoredSetting& setting : of_group)
    list.push_back({fmt::format("{}.{}", place, setting.path), setting.why,
                    setting.needs.find('=') == std::string::npos
                        ? setting.needs
                        : fmt::format("{}.{}", place, setting.needs)});
}

void add_ignored(IgnoredSettings& list, std::initializer_list<std::string_view> paths,
                 std::string_view why, std::string_view needs) {
  for (const std::string_view path : paths)
    list.push_back({std::string(path), std::string(why), std::string(needs)});
}

void refuse_ignored(std::span<const std::string> changes, std::span<const IgnoredSettings> runs) {
  for (const std::string& change : changes) {
    const std::size_t equals = change.find('=');
    if (equals == std::string::npos) continue;
    const std::string value = change.substr(equals + 1);
    std::optional<JsonNode> object;
    if (value.starts_with('{')) object = parse_json(value, change);
    check_value(change.substr(0, equals), object ? &*object : nullptr, clipped(value), runs);
  }
}

}  // namespace hdp
