// SPDX-License-Identifier: Apache-2.0
#include "config/value_reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>

namespace hdp {
namespace {

constexpr std::string_view kAuto = "auto";

/// A long double holds every std::int64_t.
bool is_within(const Range& range, long double value) {
  return range.open ? range.min < value && value < range.max
                    : range.min <= value && value <= range.max;
}

/// One overload for every alternative of Setting::Target.
class ValueReader {
 public:
  ValueReader(const Setting& setting, const JsonNode& node, const Place& place)
      : setting_(setting), node_(node), place_(place) {}

  void operator()(bool* target) const { *target = expect<bool>("true or false"); }
  void operator()(std::int64_t* target) const { *target = integer("an integer"); }
  void operator()(double* target) const { *target = number(); }
  void operator()(std::string* target) const { *target = expect<std::string>("text"); }
  void operator()(const Choice& choice) const { choice.set(choice.target, chosen(choice)); }
  void operator()(std::optional<std::int64_t>* target) const { *target = integer_or_auto(); }
  void operator()(std::vector<std::int64_t>* target) const { *target = integer_list(); }
  void operator()(std::vector<double>* target) const { *target = number_list(); }
  void operator()(RowChoice* target) const { *target = row_choice(); }
  void operator()(const GroupList& list) const {
    const auto& items = expect<JsonNode::List>("a list of groups");
    list.clear(list.target, items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
      read_members(list.at(list.target, i), items[i], place_.child(std::to_string(i)));
  }
  void operator()(const GroupSwitch& group) const {
    const bool off = std::holds_alternative<std::nullptr_t>(node_.value);
    if (!off && !std::holds_alternative<JsonNode::Object>(node_.value))
      reject(description(node_) + ", expected a group or null",
             fmt::format("{}", fmt::join(names_in(*group.members), ", ")));
    if (!off) read_members(*group.members, node_, place_);
    if (off == group.on(group.target)) group.turn(group.target, !off);
  }
  void operator()(const std::unique_ptr<Section>& group) const {
    read_members(*group, node_, place_);
  }

 private:
  [[noreturn]] void reject(std::string problem, std::string allowed = {},
                           std::string nearest = {}) const {
    throw UserError({.path = place_.path,
                     .problem = std::move(problem),
                     .unit = std::string(setting_.unit),
                     .allowed = std::move(allowed),
                     .nearest = std::move(nearest)});
  }

  [[noreturn]] void reject_type(std::string_view expected) const {
    reject(fmt::format("{}, expected {}", description(node_), expected));
  }

  [[noreturn]] void reject_range(const JsonNumber& number) const {
    reject(fmt::format("{} is outside {}", clipped(number.text), range_text(setting_.range)));
  }

  template <class Value>
  const Value& expect(std::string_view expected) const {
    const auto* value = std::get_if<Value>(&node_.value);
    if (value == nullptr) reject_type(expected);
    return *value;
  }

  [[nodiscard]] std::int64_t integer(std::string_view expected) const {
    const auto& written = expect<JsonNumber>(expected);
    if (written.text.find_first_of(".eE") != std::string::npos)
      reject(clipped(written.text) + " is not an integer");
    if (!is_within(setting_.range, written.integer ? static_cast<long double>(*written.integer)
                                                   : static_cast<long double>(written.value)))
      reject_range(written);
    if (!written.integer) reject(clipped(written.text) + " does not fit a 64-bit integer");
    return *written.integer;
  }

  [[nodiscard]] double number() const {
    const auto& written = expect<JsonNumber>("a number");
    if (!is_within(setting_.range, written.value)) reject_range(written);
    return written.value;
  }

  [[nodiscard]] std::size_t chosen(const Choice& choice) const {
    const std::string allowed = fmt::format("{}", fmt::join(choice.names, ", "));
    const auto* word = std::get_if<std::string>(&node_.value);
    if (word == nullptr) reject(description(node_) + ", expected a word", allowed);
    const auto found = std::ranges::find(choice.names, *word);
    if (found == choice.names.end()) {
      reject(json_string(clipped(*word)) + " is no choice", allowed,
             nearest_name(*word, choice.names));
    }
    return static_cast<std::size_t>(found - choice.names.begin());
  }

  [[nodiscard]] std::optional<std::int64_t> integer_or_auto() const {
    if (const auto* word = std::get_if<std::string>(&node_.value); word && *word == kAuto)
      return std::nullopt;
    return integer(R"(an integer or "auto")");
  }

  [[nodiscard]] std::vector<std::int64_t> integer_list() const {
    std::vector<std::int64_t> values;
    for (const JsonNode& item : expect<JsonNode::List>("a list of integers")) {
      const Place place = place_.child(std::to_string(values.size()));
      values.push_back(ValueReader(setting_, item, place).integer("an integer"));
    }
    return values;
  }

  /// A single number is a list of one.
  [[nodiscard]] std::vector<double> number_list() const {
    if (std::holds_alternative<JsonNumber>(node_.value)) return {number()};
    std::vector<double> values;
    for (const JsonNode& item : expect<JsonNode::List>("a number or a list of numbers")) {
      const Place place = place_.child(std::to_string(values.size()));
      values.push_back(ValueReader(setting_, item, place).number());
    }
    return values;
  }

  [[nodiscard]] RowChoice row_choice() const {
    RowChoice choice;
    if (const auto* list = std::get_if<JsonNode::List>(&node_.value)) {
      choice.rows.emplace();
      for (const JsonNode& item : *list) {
        const auto* number = std::get_if<JsonNumber>(&item.value);
        const std::int64_t least = choice.rows->empty() ? 0 : choice.rows->back() + 1;
        if (number == nullptr || !number->integer || *number->integer < least)
          reject(fmt::format("entry {} of the list {}", choice.rows->size(), description(item)),
                 "numbers of rows from 0, in rising order");
        choice.rows->push_back(*number->integer);
      }
      return choice;
    }
    const std::string allowed =
        fmt::format("{}, a list of row numbers", fmt::join(RowChoice::kWords, ", "));
    const auto* word = std::get_if<std::string>(&node_.value);
    if (word == nullptr) reject(description(node_), allowed);
    const auto found = std::ranges::find(RowChoice::kWords, *word);
    if (found == RowChoice::kWords.end())
      reject(json_string(clipped(*word)) + " is no choice", allowed,
             nearest_name(*word, RowChoice::kWords));
    choice.eligible = found == RowChoice::kWords.begin();
    return choice;
  }

  const Setting& setting_;
  const JsonNode& node_;
  const Place& place_;
};

}  // namespace

void read_value(const Setting& setting, const JsonNode& node, const Place& place) {
  std::visit(ValueReader(setting, node, place), setting.target);
}

void read_members(const Section& section, const JsonNode& node, const Place& place,
                  std::span<const std::string_view> ignored) {
  const auto* object = std::get_if<JsonNode::Object>(&node.value);
  if (object == nullptr) {
    throw UserError({.path = place.path,
                     .problem = description(node) + ", expected a group",
                     .allowed = fmt::format("{}", fmt::join(names_in(section), ", "))});
  }
  for (const JsonMember& member : *object) {
    if (std::ranges::find(ignored, member.key) != ignored.end()) continue;
    const Place here = place.child(member.key);
    if (const Setting* setting = find_setting(section, member.key)) {
      read_value(*setting, member.node, here);
      continue;
    }
    std::vector<std::string_view> known = names_in(section);
    known.insert(known.end(), ignored.begin(), ignored.end());
    throw no_such_setting(section, here.path.substr(0, here.path.size() - member.key.size()),
                          member.key, here.path, nearest_name(member.key, known));
  }
}

UserError no_such_setting(const Section& section, std::string_view prefix, std::string_view name,
                          std::string_view path, std::string nearest) {
  const auto moved = std::ranges::find(section.moved, name, &MovedSetting::name);
  if (moved == section.moved.end())
    return UserError(
        {.path = std::string(path), .problem = "no such setting", .nearest = std::move(nearest)});
  std::string now = std::string(prefix) + std::string(moved->to);
  if (prefix.starts_with('/')) std::ranges::replace(now, '.', '/');
  return UserError(
      {.path = std::string(path), .problem = fmt::format("no such setting, it is {} now", now)});
}

const Setting* find_setting(const Section& section, std::string_view name) {
  const auto found = std::ranges::find(section.settings, name, &Setting::name);
  return found == section.settings.end() ? nullptr : &*found;
}

std::vector<std::string_view> names_in(const Section& section) {
  std::vector<std::string_view> names;
  names.reserve(section.settings.size());
  for (const Setting& setting : section.settings) names.push_back(setting.name);
  return names;
}

std::string range_text(const Range& range) {
  return fmt::format("{}{}, {}{}", range.open || std::isinf(range.min) ? '(' : '[', range.min,
                     range.max, range.open || std::isinf(range.max) ? ')' : ']');
}

}  // namespace hdp
