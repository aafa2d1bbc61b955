// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "config/overloaded.hpp"
#include <hdp/config/schema.hpp>
#include <hdp/config/write.hpp>

namespace hdp {
namespace {

using Json = nlohmann::ordered_json;

Json bound(double value) {
  constexpr double kExact = 9007199254740992.0;
  if (std::trunc(value) == value && std::abs(value) <= kExact)
    return static_cast<std::int64_t>(value);
  return value;
}

Json number(std::string_view type, const Range& range) {
  Json schema{{"type", type}};
  if (std::isfinite(range.min))
    schema[range.open ? "exclusiveMinimum" : "minimum"] = bound(range.min);
  if (std::isfinite(range.max))
    schema[range.open ? "exclusiveMaximum" : "maximum"] = bound(range.max);
  return schema;
}

Json object(const Section& section);

/// What a value of the setting must be, without its description and default.
Json value_schema(const Setting& setting) {
  return std::visit(
      Overloaded{
          [](const bool*) {
            return Json{{"type", "boolean"}};
          },
          [&](const std::int64_t*) { return number("integer", setting.range); },
          [&](const double*) { return number("number", setting.range); },
          [](const std::string*) {
            return Json{{"type", "string"}};
          },
          [](const Choice& choice) {
            return Json{{"enum", choice.names}};
          },
          [&](const std::optional<std::int64_t>*) {
            return Json{{"anyOf",
                         Json::array({Json{{"const", "auto"}}, number("integer", setting.range)})}};
          },
          [&](const std::vector<std::int64_t>*) {
            return Json{{"type", "array"}, {"items", number("integer", setting.range)}};
          },
          [&](const std::vector<double>*) {
            const Json one = number("number", setting.range);
            return Json{{"anyOf", Json::array({one, Json{{"type", "array"}, {"items", one}}})}};
          },
          [&](const RowChoice*) {
            return Json{{"anyOf", Json::array({Json{{"enum", RowChoice::kWords}},
                                               Json{{"type", "array"},
                                                    {"items", number("integer", {.min = 0})}}})}};
          },
          [](const GroupList& list) {
            Json items;
            list.blank([&](const Section& group) { items = object(group); });
            return Json{{"type", "array"}, {"items", items}};
          },
          [](const GroupSwitch& group) {
            return Json{{"anyOf", Json::array({Json{{"type", "null"}}, object(*group.members)})}};
          },
          [](const std::unique_ptr<Section>& group) { return object(*group); }},
      setting.target);
}

Json property(const Setting& setting) {
  Json schema{{"description", setting.unit.empty()
                                  ? std::string(setting.doc)
                                  : fmt::format("{} [{}]", setting.doc, setting.unit)}};
  schema.update(value_schema(setting));
  if (!std::holds_alternative<std::unique_ptr<Section>>(setting.target))
    schema["default"] = Json::parse(value_text(setting));
  return schema;
}

Json object(const Section& section) {
  Json properties = Json::object();
  for (const Setting& setting : section.settings)
    properties[std::string(setting.name)] = property(setting);
  return {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
}

}  // namespace

std::string write_schema(const Section& defaults, std::string_view title,
                         std::span<const TextKey> others) {
  Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", title}};
  schema.update(object(defaults));
  Json properties{{"$schema", {{"description", "The schema of this file."}, {"type", "string"}}}};
  for (const TextKey& key : others) {
    Json& property = properties[std::string(key.name)];
    property = {{"description", key.doc}, {"type", "string"}};
    if (!key.words.empty()) property["enum"] = key.words;
  }
  properties.update(schema["properties"]);
  schema["properties"] = std::move(properties);
  return schema.dump(2) + "\n";
}

}  // namespace hdp
