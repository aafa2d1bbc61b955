// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <set>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>
#include <hdp/base/fact_path.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/study/baseline_file.hpp>

namespace hdp {
namespace {

constexpr std::string_view kFormat = "baseline-1";
constexpr std::array<std::string_view, 3> kFileKeys{"format", "tolerance", "cases"};
constexpr std::array<std::string_view, 5> kCaseKeys{"name", "machine", "workload", "set", "expect"};

std::string below(const std::string& where, std::string_view name) {
  return fmt::format("{}/{}", where, name);
}

const Facts& group_of(const Fact& fact, const std::string& where, std::string_view allowed) {
  const auto* const group = fact.as<Facts>();
  if (group == nullptr) refuse(where, "is no object", std::string(allowed));
  return *group;
}

void refuse_other_keys(const Facts& group, std::span<const std::string_view> known,
                       const std::string& where, const char* what) {
  for (const NamedFact& member : group)
    if (std::ranges::find(known, member.name) == known.end())
      refuse(below(where, member.name), fmt::format("is no key of {}", what),
             fmt::format("{}", fmt::join(known, ", ")), nearest_name(member.name, known));
}

const Fact& need(const Facts& group, std::string_view name, const std::string& where) {
  const Fact* const found = group.find(name);
  if (found == nullptr) refuse(below(where, name), "is missing");
  return *found;
}

std::string text_at(const Facts& group, std::string_view name, const std::string& where) {
  const auto* const text = need(group, name, where).as<std::string>();
  if (text == nullptr || text->empty()) refuse(below(where, name), "is no text", "a text");
  need_one_line(below(where, name), *text);
  return *text;
}

Facts settings_of(const Facts& item, const std::string& where) {
  const Fact* const given = item.find("set");
  if (given == nullptr) return {};
  const std::string here = below(where, "set");
  const Facts& settings = group_of(*given, here, "{path: value}, as --set takes them");
  for (const NamedFact& setting : settings)
    if (setting.name.empty() || setting.name.find('=') != std::string::npos)
      refuse(below(here, setting.name), "is no path of a setting", "a path such as prune.rho");
  return settings;
}

Facts expected_of(const Facts& item, const std::string& where) {
  const std::string here = below(where, "expect");
  const Facts& expected = group_of(need(item, "expect", where), here, "{key: number}");
  for (const NamedFact& value : expected)
    if (!value.value.number()) refuse(below(here, value.name), "is no number", "a number");
  return expected;
}

BaselineCase case_of(const Fact& fact, const std::string& where) {
  const Facts& item = group_of(fact, where, fmt::format("{{{}}}", fmt::join(kCaseKeys, ", ")));
  refuse_other_keys(item, kCaseKeys, where, "a case");
  return {text_at(item, "name", where), text_at(item, "machine", where),
          text_at(item, "workload", where), settings_of(item, where), expected_of(item, where)};
}

std::vector<BaselineCase> cases_of(const Facts& file, const std::string& where) {
  const std::string here = below(where, "cases");
  const auto* const list = need(file, "cases", where).as<Fact::List>();
  if (list == nullptr) refuse(here, "is no list", "a list of cases");
  std::vector<BaselineCase> cases;
  std::set<std::string> names;
  for (const Fact& item : *list) {
    const std::string place = fmt::format("{}/{}", here, cases.size());
    cases.push_back(case_of(item, place));
    if (!names.insert(cases.back().name).second)
      refuse(below(place, "name"), fmt::format("two cases are called {}", cases.back().name));
  }
  return cases;
}

/// Every key that is expected, and every group around one.
std::set<std::string, std::less<>> known_keys(const std::vector<BaselineCase>& cases) {
  std::set<std::string, std::less<>> keys;
  for (const BaselineCase& item : cases)
    for (const NamedFact& value : item.expect) {
      std::string key = value.name;
      while (keys.insert(key).second && key.rfind('.') != std::string::npos)
        key.resize(key.rfind('.'));
    }
  return keys;
}

std::vector<Tolerance> tolerances_of(const Facts& file, const std::vector<BaselineCase>& cases,
                                     const std::string& where) {
  const Fact* const given = file.find("tolerance");
  if (given == nullptr) return {};
  const std::string here = below(where, "tolerance");
  const auto keys = known_keys(cases);
  std::vector<Tolerance> all;
  for (const NamedFact& entry : group_of(*given, here, "{key: relative}")) {
    const auto relative = entry.value.number();
    if (!relative || !(*relative >= 0))
      refuse(below(here, entry.name), "is no relative tolerance", "a number from 0, 0.01 for 1 %");
    // A file to which cases are still to be added may have its tolerances already.
    if (!cases.empty() && !keys.contains(entry.name))
      refuse(below(here, entry.name), "no case expects such a key, nor one below it", {},
             nearest_name(entry.name, std::vector<std::string_view>(keys.begin(), keys.end())));
    all.push_back({entry.name, *relative});
  }
  return all;
}

}  // namespace

double BaselineFile::tolerance_of(std::string_view key) const {
  const Tolerance* closest = nullptr;
  for (const Tolerance& entry : tolerance)
    if (is_within(key, entry.key) && (closest == nullptr || entry.key.size() > closest->key.size()))
      closest = &entry;
  return closest == nullptr ? 0 : closest->relative;
}

bool BaselineFile::has_case(std::string_view name) const {
  return std::ranges::find(cases, name, &BaselineCase::name) != cases.end();
}

BaselineFile read_baseline(std::string_view text, std::string_view origin) {
  const Fact parsed = parse_facts(text, origin);
  const std::string where = fmt::format("{}: ", origin);
  const auto* const top = parsed.as<Facts>();
  if (top == nullptr)
    refuse(std::string(origin), "is no baseline", "an object of format baseline-1");
  Facts file = *top;
  file.erase("$schema");
  refuse_other_keys(file, kFileKeys, where, "a baseline");
  const std::string format = text_at(file, "format", where);
  if (format != kFormat)
    refuse(below(where, "format"), fmt::format("is {}", format), std::string(kFormat));
  BaselineFile baseline;
  baseline.cases = cases_of(file, where);
  baseline.tolerance = tolerances_of(file, baseline.cases, where);
  return baseline;
}

}  // namespace hdp
