// SPDX-License-Identifier: Apache-2.0
#include "machine/case_settings.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>
#include <hdp/config/facts_text.hpp>

namespace hdp {
namespace {

const Facts& facts_in(const Fact& fact, const std::string& where) {
  const auto* const facts = fact.as<Facts>();
  if (facts == nullptr) refuse(where, json_text(fact) + " is no object", "an object");
  return *facts;
}

}  // namespace

double number_in(const Fact& value, Range range, const std::string& path) {
  const std::string allowed = fmt::format("a number in {}{}, {}{}", range.open ? "(" : "[",
                                          range.min, range.max, range.open ? ")" : "]");
  const auto number = value.number();
  if (!number) refuse(path, json_text(value) + " is no number", allowed);
  const bool inside = range.open ? *number > range.min && *number < range.max
                                 : *number >= range.min && *number <= range.max;
  if (!inside) refuse(path, json_text(value), allowed);
  return *number;
}

std::int64_t integer_in(const Fact& value, Range range, const std::string& path) {
  const double number = number_in(value, range, path);
  if (number != std::floor(number)) refuse(path, json_text(value), "an integer");
  return static_cast<std::int64_t>(number);
}

std::size_t word_in(std::string_view word, std::span<const std::string_view> names,
                    const std::string& path) {
  const auto found = std::ranges::find(names, word);
  if (found == names.end())
    refuse(path, fmt::format("\"{}\"", word), fmt::format("{}", fmt::join(names, ", ")),
           nearest_name(word, names));
  return static_cast<std::size_t>(found - names.begin());
}

CaseSettings::CaseSettings(const Fact& given, std::string where,
                           std::initializer_list<std::string_view> known)
    : CaseSettings(facts_in(given, where), where, known) {}

CaseSettings::CaseSettings(const Facts& given, std::string where,
                           std::initializer_list<std::string_view> known)
    : facts_(&given), where_(std::move(where)) {
  const std::vector<std::string_view> names(known);
  for (const NamedFact& fact : *facts_)
    if (std::ranges::find(names, fact.name) == names.end())
      refuse(path(fact.name), "no such setting", fmt::format("{}", fmt::join(names, ", ")),
             nearest_name(fact.name, names));
}

std::string CaseSettings::path(std::string_view name) const {
  return fmt::format("{}/{}", where_, name);
}

const Fact* CaseSettings::find(std::string_view name) const {
  const Fact* const found = facts_->find(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

double CaseSettings::number(std::string_view name, double otherwise, Range range) const {
  const Fact* const value = find(name);
  return value == nullptr ? otherwise : number_in(*value, range, path(name));
}

std::optional<double> CaseSettings::number(std::string_view name, Range range) const {
  if (find(name) == nullptr) return std::nullopt;
  return number(name, 0, range);
}

std::int64_t CaseSettings::integer(std::string_view name, std::int64_t otherwise,
                                   Range range) const {
  const Fact* const value = find(name);
  return value == nullptr ? otherwise : integer_in(*value, range, path(name));
}

std::string CaseSettings::text(std::string_view name, std::string_view otherwise) const {
  const Fact* const value = find(name);
  if (value == nullptr) return std::string(otherwise);
  const auto* const text = value->as<std::string>();
  if (text == nullptr) refuse(path(name), json_text(*value) + " is no text", "a text");
  return *text;
}

}  // namespace hdp
