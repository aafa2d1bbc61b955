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

using OrderedJson = nlohmann::ordered_json;

OrderedJson bound(double value) {
  constexpr double kExact = 9007199254740992.0;
  if (std::trunc(value) == value && std::abs(value) <= kExact)
    return static_cast<std::int64_t>(value);
  return value;
}

OrderedJson number(std::string_view type, const Range& range) {
  OrderedJson schema{{"type", type}};
  if (std::isfinite(range.min))
    schema[range.open ? "exclusiveMinimum" : "minimum"] = bound(range.min);
  if (std::isfinite(range.max))
    schema[range.open ? "exclusiveMaximum" : "maximum"] = bound(range.max);
  return schema;
}

OrderedJson object(const Section& section);

/// What a value of the setting must be, without its description and default.
OrderedJson value_schema(const Setting& setting) {
  return std::visit(
      Overloaded{
          [](const bool*) {
            return OrderedJson{{"type", "boolean"}};
          },
          [&](const std::int64_t*) { return number("integer", setting.range); },
          [&](const double*) { return number("number", setting.range); },
          [](const std::string*) {
            return OrderedJson{{"type", "string"}};
          },
          [](const Choice& choice) {
            return OrderedJson{{"enum", choice.names}};
          },
          [&](const std::optional<std::int64_t>*) {
            return OrderedJson{{"anyOf", OrderedJson::array({OrderedJson{{"const", "auto"}},
                                                             number("integer", setting.range)})}};
          },
          [&](const std::vector<std::int64_t>*) {
            return OrderedJson{{"type", "array"}, {"items", number("integer", setting.range)}};
          },
          [&](const std::vector<double>*) {
            const OrderedJson one = number("number", setting.range);
            return OrderedJson{{"anyOf", OrderedJson::array({one, OrderedJson{{"type", "array"},
                                                                              {"items", one}}})}};
          },
          [&](const RowChoice*) {
            return OrderedJson{
                {"anyOf",
                 OrderedJson::array(
                     {OrderedJson{{"enum", RowChoice::kWords}},
                      OrderedJson{{"type", "array"}, {"items", number("integer", {.min = 0})}}})}};
          },
          [](const GroupList& list) {
            OrderedJson items;
            list.blank([&](const Section& group) { items = object(group); });
            return OrderedJson{{"type", "array"}, {"items", items}};
          },
          [](const GroupSwitch& group) {
            return OrderedJson{{"anyOf", OrderedJson::array({OrderedJson{{"type", "null"}},
                                                             object(*group.members)})}};
          },
          [](const std::unique_ptr<Section>& group) { return object(*group); }},
      setting.target);
}

OrderedJson property(const Setting& setting) {
  OrderedJson schema{{"description", setting.unit.empty()
                                         ? std::string(setting.doc)
                                         : fmt::format("{} [{}]", setting.doc, setting.unit)}};
  schema.update(value_schema(setting));
  if (!std::holds_alternative<std::unique_ptr<Section>>(setting.target))
    schema["default"] = OrderedJson::parse(value_text(setting));
  return schema;
}

OrderedJson object(const Section& section) {
  OrderedJson properties = OrderedJson::object();
  for (const Setting& setting : section.settings)
    properties[std::string(setting.name)] = property(setting);
  return {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
}

}  // namespace

std::string write_schema(const Section& defaults, std::string_view title,
                         std::span<const TextKey> others) {
  OrderedJson schema{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", title}};
  schema.update(object(defaults));
  OrderedJson properties{
      {"$schema", {{"description", "The schema of this file."}, {"type", "string"}}}};
  for (const TextKey& key : others) {
    OrderedJson& property = properties[std::string(key.name)];
    property = {{"description", key.doc}, {"type", "string"}};
    if (!key.words.empty()) property["enum"] = key.words;
  }
  properties.update(schema["properties"]);
  schema["properties"] = std::move(properties);
  return schema.dump(2) + "\n";
}

}  // namespace hdp
