// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/json_tree.hpp"
#include "config/overloaded.hpp"
#include "config/value_reader.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/config/assign.hpp>
#include <hdp/config/read.hpp>
#include <hdp/config/walk.hpp>

namespace hdp {
namespace {

constexpr std::string_view kOff = "null";

/// A setting, and the groups around it that may be off.
struct Found {
  const Setting* setting = nullptr;
  std::vector<const GroupSwitch*> around{};
};

Found find_by_path(const Section& section, std::string_view path) {
  const Section* group = &section;
  std::vector<const GroupSwitch*> around;
  for (std::size_t start = 0;;) {
    const std::size_t end = std::min(path.find('.', start), path.size());
    const std::string_view name = path.substr(start, end - start);
    const Setting* found = find_setting(*group, name);
    if (found == nullptr) {
      const std::string nearest = nearest_name(name, names_in(*group));
      throw no_such_setting(*group, path.substr(0, start), name, path,
                            nearest.empty() ? "" : std::string(path.substr(0, start)) + nearest);
    }
    if (end == path.size()) return {found, std::move(around)};
    if (const auto* gate = std::get_if<GroupSwitch>(&found->target)) around.push_back(gate);
    group = members_of(*found);
    if (group == nullptr) {
      throw UserError({.path = std::string(path),
                       .problem = fmt::format("{} is a single value", path.substr(0, end))});
    }
    start = end + 1;
  }
}

/// Texts and choices take a value as it stands: "5" is a fine name.
bool takes_text(const Setting& setting) {
  return std::visit(
      Overloaded{[](const bool*) { return false; }, [](const std::int64_t*) { return false; },
                 [](const double*) { return false; }, [](const std::string*) { return true; },
                 [](const Choice&) { return true; },
                 [](const std::optional<std::int64_t>*) { return false; },
                 [](const std::vector<std::int64_t>*) { return false; },
                 [](const std::vector<double>*) { return false; },
                 [](const RowChoice*) { return false; }, [](const GroupList&) { return false; },
                 [](const GroupSwitch&) { return false; },
                 [](const std::unique_ptr<Section>&) { return false; }},
      setting.target);
}

/// A member that is set turns its group on.
void turn_on(const std::vector<const GroupSwitch*>& groups) {
  for (const GroupSwitch* group : groups)
    if (!group->on(group->target)) group->turn(group->target, true);
}

std::optional<JsonNode> try_parse(std::string_view text) {
  try {
    return parse_json(text, "");
  } catch (const UserError&) {
    return std::nullopt;
  }
}

JsonNode value_node(const Setting& setting, std::string_view path, std::string_view value) {
  if (members_of(setting) != nullptr && value != kOff) return parse_json(value, path);
  std::optional<JsonNode> node = try_parse(value);
  if (node && (!takes_text(setting) || std::holds_alternative<std::string>(node->value)))
    return *std::move(node);
  if (!is_utf8(value))
    throw UserError({.path = std::string(path), .problem = "the value is not UTF-8"});
  return {std::string(value)};
}

void set_from_file(const Setting& setting, std::string_view assignment, const std::string& file) {
  try {
    const std::string text = read_text(file);
    if (std::holds_alternative<std::unique_ptr<Section>>(setting.target)) {
      read_settings(*std::get<std::unique_ptr<Section>>(setting.target), text, "");
    } else {
      read_value(setting, parse_json(text, ""), Place::in_file());
    }
  } catch (const UserError& error) {
    throw error.within(assignment);
  }
}

}  // namespace

void set_value(Section& section, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == 0 || equals == std::string_view::npos) {
    throw UserError({.path = std::string(assignment),
                     .problem = "sets nothing",
                     .allowed = "path=value, path=@FILE"});
  }
  const std::string_view path = assignment.substr(0, equals);
  const std::string_view value = assignment.substr(equals + 1);
  const auto [found, around] = find_by_path(section, path);
  const Setting& setting = *found;
  if (value.starts_with('@')) {
    set_from_file(setting, assignment, std::string(value.substr(1)));
    turn_on(around);
    return;
  }
  const bool gate = std::holds_alternative<GroupSwitch>(setting.target);
  if (const Section* group = members_of(setting);
      group != nullptr && !value.starts_with('{') && !(gate && value == kOff)) {
    throw UserError(
        {.path = std::string(path),
         .problem = fmt::format("is a group; set one of its members, or give an object{} or @FILE",
                                gate ? ", null" : ""),
         .allowed = fmt::format("{}", fmt::join(names_in(*group), ", "))});
  }
  read_value(setting, value_node(setting, path, value), Place{std::string(path), true});
  turn_on(around);
}

}  // namespace hdp
