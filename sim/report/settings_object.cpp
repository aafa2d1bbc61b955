// SPDX-License-Identifier: Apache-2.0
#include "report/settings_object.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>

namespace hdp {
namespace {

[[noreturn]] void refuse(const std::string& path, std::string problem, std::string allowed,
                         std::string nearest = {}) {
  throw UserError({.path = path,
                   .problem = std::move(problem),
                   .allowed = std::move(allowed),
                   .nearest = std::move(nearest)});
}

}  // namespace

double number_in(const Json& value, Range range, const std::string& path) {
  const std::string allowed = fmt::format("a number in {}{}, {}{}", range.open ? "(" : "[",
                                          range.min, range.max, range.open ? ")" : "]");
  if (!value.is_number()) refuse(path, fmt::format("{} is no number", value.dump()), allowed);
  const auto number = value.get<double>();
  const bool inside = range.open ? number > range.min && number < range.max
                                 : number >= range.min && number <= range.max;
  if (!inside) refuse(path, value.dump(), allowed);
  return number;
}

SettingsObject::SettingsObject(const Json& json, std::string where,
                               std::initializer_list<std::string_view> known)
    : json_(json), where_(std::move(where)) {
  if (!json.is_object()) refuse(where_, fmt::format("{} is no object", json.dump()), "an object");
  const std::vector<std::string_view> names(known);
  for (const auto& [key, value] : json.items())
    if (std::ranges::find(names, key) == names.end())
      refuse(path(key), "no such setting", fmt::format("{}", fmt::join(names, ", ")),
             nearest_name(key, names));
}

std::string SettingsObject::path(std::string_view key) const {
  return fmt::format("{}/{}", where_, key);
}

const Json* SettingsObject::find(std::string_view key) const {
  const auto found = json_.find(key);
  return found == json_.end() || found->is_null() ? nullptr : &*found;
}

double SettingsObject::number(std::string_view key, double otherwise, Range range) const {
  const Json* const value = find(key);
  return value == nullptr ? otherwise : number_in(*value, range, path(key));
}

std::int64_t SettingsObject::integer(std::string_view key, std::int64_t otherwise,
                                     Range range) const {
  const Json* const value = find(key);
  if (value == nullptr) return otherwise;
  const double number = number_in(*value, range, path(key));
  if (number != std::floor(number)) refuse(path(key), value->dump(), "an integer");
  return static_cast<std::int64_t>(number);
}

std::string SettingsObject::text(std::string_view key, std::string_view otherwise) const {
  const Json* const value = find(key);
  if (value == nullptr) return std::string(otherwise);
  if (!value->is_string()) refuse(path(key), fmt::format("{} is no text", value->dump()), "a text");
  return value->get<std::string>();
}

}  // namespace hdp
