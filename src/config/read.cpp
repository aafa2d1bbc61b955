// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "config/json_tree.hpp"
#include "config/value_reader.hpp"
#include <hdp/base/check.hpp>
#include <hdp/base/error.hpp>
#include <hdp/config/read.hpp>

namespace hdp {
namespace {

constexpr std::string_view kSchemaKey = "$schema";

const JsonNode::Object& expect_object(const JsonNode& node, const Place& place) {
  if (const auto* object = std::get_if<JsonNode::Object>(&node.value)) return *object;
  throw UserError({.path = place.path, .problem = description(node) + ", expected a group"});
}

UserError in_origin(const UserError& error, std::string_view origin) {
  return origin.empty() ? error : error.within(origin);
}

}  // namespace

void read_settings(Section& section, std::string_view json_text, std::string_view origin,
                   const ReadScope& scope) {
  const JsonNode root = parse_json(json_text, origin);
  std::vector<std::string_view> ignored(scope.ignored.begin(), scope.ignored.end());
  if (scope.at.empty()) ignored.push_back(kSchemaKey);
  try {
    const JsonNode* node = &root;
    Place place = Place::in_file();
    std::string_view rest = scope.at;
    while (!rest.empty()) {
      HDP_CHECK(rest.front() == '/', "a scope is a path of keys");
      rest.remove_prefix(1);
      const std::string_view key = rest.substr(0, rest.find('/'));
      node = find_member(expect_object(*node, place), key);
      if (node == nullptr) return;
      place = place.child(key);
      rest.remove_prefix(key.size());
    }
    read_members(section, *node, place, ignored);
  } catch (const UserError& error) {
    throw in_origin(error, origin);
  }
}

std::optional<std::string> peek_text(std::string_view json_text, std::string_view key,
                                     std::string_view origin) {
  const JsonNode root = parse_json(json_text, origin);
  try {
    const JsonNode* node = find_member(expect_object(root, Place::in_file()), key);
    if (node == nullptr) return std::nullopt;
    if (const auto* text = std::get_if<std::string>(&node->value)) return *text;
    throw UserError({.path = Place::in_file().child(key).path,
                     .problem = description(*node) + ", expected text"});
  } catch (const UserError& error) {
    throw in_origin(error, origin);
  }
}

}  // namespace hdp
