// SPDX-License-Identifier: Apache-2.0
// Values and settings from JSON Schemas, as tools/random_settings.py draws them.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

#include "mutate.hpp"
#include "shipped.hpp"

namespace hdp::fuzz {
namespace {

using Texts = std::vector<std::string>;

/// What free texts may say, by the name of the setting.
const std::map<std::string_view, Texts>& texts() {
  static const Texts kKeeps{"1",          "linear", "0.5",        "0",
                            "0.9..0.2x2", "1, 0.3", "0.9, 0.5x0", "0.25"};
  static const std::map<std::string_view, Texts> kAll = [] {
    Texts models = catalog().names("memories");
    models.insert(models.end(), {"ideal", "dram", "bert_tiny", "gpt2", "smollm2"});
    const Texts maps{"ro co ba bg ra ch", "ro ba bg ra co ch",    "ro ba^ro ra co bg ch",
                     "ch ra ro co bg ba", "ro ba co bg^ro pc ch", "ro ba bg pc co ch"};
    std::map<std::string_view, Texts> all{{"model", models},
                                          {"map", maps},
                                          {"energy_table", {"inline", "recalled_45nm"}},
                                          {"base", catalog().names("machines")}};
    for (const auto* name : {"keep", "head_keep", "value_keep", "requantise_share"})
      all.emplace(name, kKeeps);
    return all;
  }();
  return kAll;
}

double number_at(const Facts& schema, std::initializer_list<std::string_view> names,
                 double otherwise) {
  for (const std::string_view name : names)
    if (const Fact* const found = schema.find(name)) return found->number().value_or(otherwise);
  return otherwise;
}

Fact draw_number(const Facts& schema, double standard, bool integer, RandomStream& random) {
  const double low = std::max(number_at(schema, {"minimum", "exclusiveMinimum"}, -1e6), -1e6);
  const double most = number_at(schema, {"maximum", "exclusiveMaximum"}, 1e300);
  const double high = std::max(low, std::min(most, 64 * std::abs(standard) + 64));
  double value = low + (high - low) * random.uniform();
  if (one_in(random, 10))
    value = one_in(random, 2) ? low : high;
  else if (standard > 0 && random.below(10) < 7)
    value = standard * std::exp2(static_cast<double>(between(random, -3, 3)));
  value = std::clamp(value, low, high);
  if (integer) return static_cast<std::int64_t>(std::llround(value));
  return value;
}

Fact draw_list(const Facts& schema, std::string_view name, RandomStream& random) {
  const Fact* const items = schema.find("items");
  Fact::List list;
  const std::int64_t size = between(random, 0, 3);
  for (std::int64_t i = 0; i < size; ++i)
    list.push_back(draw_value(*items->as<Facts>(), name, random));
  return list;
}

Fact draw_object(const Facts& properties, RandomStream& random) {
  Facts object;
  for (const NamedFact& property : properties)
    if (property.name != "$schema" && one_in(random, 2))
      object.append(property.name, draw_value(*property.value.as<Facts>(), property.name, random));
  return object;
}

const Facts* properties_of(const Facts& schema) {
  const Fact* const found = schema.find("properties");
  return found == nullptr ? nullptr : found->as<Facts>();
}

/// Of a schema with alternatives, one that is an object; empty where there is none.
Facts object_of(const Facts& schema, RandomStream& random) {
  const Fact* const parts = schema.find("anyOf");
  if (parts == nullptr) return schema;
  Fact::List objects;
  for (const Fact& part : *parts->as<Fact::List>())
    if (properties_of(*part.as<Facts>()) != nullptr) objects.push_back(part);
  return objects.empty() ? Facts{} : *any_of(random, objects).as<Facts>();
}

/// One group of a list, or the list itself.
Fact with_item(Fact::List list, const Facts& items, std::string_view name, RandomStream& random) {
  if (list.empty() || one_in(random, 4)) {
    list.push_back(draw_value(items, name, random));
    return list;
  }
  const auto at = static_cast<std::ptrdiff_t>(random.below(list.size()));
  if (one_in(random, 8)) {
    list.erase(list.begin() + at);
    return list;
  }
  const auto* const group = list[static_cast<std::size_t>(at)].as<Facts>();
  list[static_cast<std::size_t>(at)] = with_setting(group ? *group : Facts{}, items, random);
  return list;
}

}  // namespace

Fact draw_value(const Facts& schema, std::string_view name, RandomStream& random) {
  if (const Fact* const parts = schema.find("anyOf")) {
    Facts part = *any_of(random, *parts->as<Fact::List>()).as<Facts>();
    if (const Fact* const standard = schema.find("default")) part.set("default", *standard);
    return draw_value(part, name, random);
  }
  if (const Fact* const words = schema.find("enum"))
    return any_of(random, *words->as<Fact::List>());
  if (const Fact* const word = schema.find("const")) return *word;
  if (const Facts* const properties = properties_of(schema))
    return draw_object(*properties, random);
  const Fact* const standard = schema.find("default");
  const Fact type = schema.find("type") == nullptr ? Fact() : *schema.find("type");
  if (type == Fact("boolean")) return one_in(random, 2);
  if (type == Fact("array")) return draw_list(schema, name, random);
  if (type == Fact("string")) {
    const auto known = texts().find(name);
    if (known != texts().end()) return any_of(random, known->second);
    return standard == nullptr ? Fact("text") : *standard;
  }
  return draw_number(schema, standard == nullptr ? 8 : standard->number().value_or(8),
                     type == Fact("integer"), random);
}

Facts with_setting(Facts document, const Facts& schema, RandomStream& random) {
  const Facts object = object_of(schema, random);
  if (properties_of(object) == nullptr) return document;
  const Facts& properties = *properties_of(object);
  const NamedFact& chosen = properties.begin()[random.below(properties.size())];
  const Fact* const old = document.find(chosen.name);
  const Facts& inner = *chosen.value.as<Facts>();
  if (chosen.name == "$schema") return document;
  if (old != nullptr && one_in(random, 10)) {
    document.erase(chosen.name);
  } else if (properties_of(inner) != nullptr) {
    const Facts* const group = old == nullptr ? nullptr : old->as<Facts>();
    document.set(chosen.name, with_setting(group ? *group : Facts{}, inner, random));
  } else if (old != nullptr && old->as<Fact::List>() != nullptr && inner.find("items") != nullptr) {
    document.set(chosen.name, with_item(*old->as<Fact::List>(), *inner.find("items")->as<Facts>(),
                                        chosen.name, random));
  } else {
    document.set(chosen.name, draw_value(inner, chosen.name, random));
  }
  return document;
}

}  // namespace hdp::fuzz
