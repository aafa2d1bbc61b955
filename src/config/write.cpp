// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/json_tree.hpp"
#include "config/overloaded.hpp"
#include <hdp/base/check.hpp>
#include <hdp/config/write.hpp>

namespace hdp {
namespace {

std::string double_text(double value) {
  HDP_CHECK(std::isfinite(value), "a setting must be finite");
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string choice_text(const Choice& choice) {
  const std::size_t index = choice.get(choice.target);
  HDP_CHECK(index < choice.names.size(), "an enumerator without a word");
  return json_string(choice.names[index]);
}

std::string text_of(const Setting& setting, std::size_t indent);

std::string text_of(const Section& section, std::size_t indent) {
  if (section.settings.empty()) return "{}";
  std::string text;
  for (const Setting& setting : section.settings) {
    text += fmt::format("{}\n{:{}}{}: {}", text.empty() ? "{" : ",", "", indent + 2,
                        json_string(setting.name), text_of(setting, indent + 2));
  }
  return text + fmt::format("\n{:{}}}}", "", indent);
}

/// A group of single values, on one line.
std::string line_of(const Section& section) {
  std::vector<std::string> members;
  for (const Setting& setting : section.settings)
    members.push_back(fmt::format("{}: {}", json_string(setting.name), text_of(setting, 0)));
  return fmt::format("{{{}}}", fmt::join(members, ", "));
}

bool is_single(const Setting& setting) {
  return !std::holds_alternative<GroupList>(setting.target) &&
         !std::holds_alternative<GroupSwitch>(setting.target) &&
         !std::holds_alternative<std::unique_ptr<Section>>(setting.target);
}

std::string text_of(const GroupList& list, std::size_t indent) {
  std::string text;
  for (std::size_t i = 0; i < list.size(list.target); ++i) {
    const Section group = list.at(list.target, i);
    const bool flat = std::ranges::all_of(group.settings, is_single);
    text += fmt::format("{}\n{:{}}{}", text.empty() ? "[" : ",", "", indent + 2,
                        flat ? line_of(group) : text_of(group, indent + 2));
  }
  return text.empty() ? "[]" : text + fmt::format("\n{:{}}]", "", indent);
}

std::string text_of(const Setting& setting, std::size_t indent) {
  return std::visit(
      Overloaded{[](const bool* value) { return fmt::format("{}", *value); },
                 [](const std::int64_t* value) { return fmt::format("{}", *value); },
                 [](const double* value) { return double_text(*value); },
                 [](const std::string* value) { return json_string(*value); },
                 [](const Choice& choice) { return choice_text(choice); },
                 [](const std::optional<std::int64_t>* value) {
                   return *value ? fmt::format("{}", **value) : json_string("auto");
                 },
                 [](const std::vector<std::int64_t>* value) {
                   return fmt::format("[{}]", fmt::join(*value, ", "));
                 },
                 [](const std::vector<double>* value) {
                   std::vector<std::string> numbers;
                   for (const double number : *value) numbers.push_back(double_text(number));
                   return fmt::format("[{}]", fmt::join(numbers, ", "));
                 },
                 [](const RowChoice* value) {
                   return value->rows ? fmt::format("[{}]", fmt::join(*value->rows, ", "))
                                      : json_string(value->word());
                 },
                 [&](const GroupList& list) { return text_of(list, indent); },
                 [&](const GroupSwitch& group) -> std::string {
                   return group.on(group.target) ? text_of(*group.members, indent) : "null";
                 },
                 [&](const std::unique_ptr<Section>& group) { return text_of(*group, indent); }},
      setting.target);
}

}  // namespace

std::string write_settings(const Section& section) { return text_of(section, 0) + "\n"; }

std::string value_text(const Setting& setting) { return text_of(setting, 0); }

}  // namespace hdp
