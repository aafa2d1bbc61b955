// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <set>
#include <string>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/fact_path.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/config/object_reader.hpp>
#include <hdp/study/baseline_file.hpp>

namespace hdp {
namespace {

constexpr std::string_view kBaselineFormat = "baseline-1";
constexpr std::array<std::string_view, 4> kFileKeys{"$schema", "format", "tolerance", "cases"};
constexpr std::array<std::string_view, 5> kCaseKeys{"name", "machine", "workload", "set", "expect"};

/// Of an object that holds nothing else: a misspelled key is told before the one that is missing.
template <std::size_t N>
ObjectReader reader_of(const Fact& fact, const std::string& origin, const std::string& path,
                       const std::array<std::string_view, N>& keys) {
  ObjectReader reader(fact, origin, path);
  for (const std::string_view key : keys) reader.find(key);
  reader.done();
  return reader;
}

std::string name_at(ObjectReader& item, std::string_view key) {
  std::string text = item.need_text(key);
  if (text.empty()) item.refuse_value(key, "is empty", "a text");
  need_one_line(item.path_of(key), text);
  return text;
}

const Facts& group_at(ObjectReader& reader, std::string_view key, const std::string& allowed) {
  const auto* const group = reader.need(key).as<Facts>();
  if (group == nullptr) reader.refuse_value(key, "is no object", allowed);
  return *group;
}

std::string below(const ObjectReader& reader, std::string_view group, std::string_view name) {
  return fmt::format("{}/{}", reader.path_of(group), name);
}

Facts settings_of(ObjectReader& item) {
  if (item.find("set") == nullptr) return {};
  const Facts& settings = group_at(item, "set", "{path: value}, as --set takes them");
  for (const NamedFact& setting : settings)
    if (setting.name.empty() || setting.name.find('=') != std::string::npos)
      refuse(below(item, "set", setting.name), "is no path of a setting",
             "a path such as prune.rho");
  return settings;
}

Facts expected_of(ObjectReader& item) {
  const Facts& expected = group_at(item, "expect", "{key: number}");
  for (const NamedFact& value : expected)
    if (!value.value.number())
      refuse(below(item, "expect", value.name), "is no number", "a number");
  return expected;
}

std::vector<BaselineCase> cases_of(ObjectReader& file) {
  std::vector<BaselineCase> cases;
  std::set<std::string> names;
  for (const Fact& fact : file.list("cases")) {
    ObjectReader item =
        reader_of(fact, file.origin(), fmt::format("/cases/{}", cases.size()), kCaseKeys);
    cases.push_back({name_at(item, "name"), name_at(item, "machine"), name_at(item, "workload"),
                     settings_of(item), expected_of(item)});
    if (!names.insert(cases.back().name).second)
      refuse(item.path_of("name"), fmt::format("two cases are called {}", cases.back().name));
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

std::vector<Tolerance> tolerances_of(ObjectReader& file, const std::vector<BaselineCase>& cases) {
  if (file.find("tolerance") == nullptr) return {};
  const auto keys = known_keys(cases);
  std::vector<Tolerance> all;
  for (const NamedFact& entry : group_at(file, "tolerance", "{key: relative}")) {
    const std::string place = below(file, "tolerance", entry.name);
    const auto relative = entry.value.number();
    if (!relative || !(*relative >= 0))
      refuse(place, "is no relative tolerance", "a number from 0, 0.01 for 1 %");
    // A file to which cases are still to be added may have its tolerances already.
    if (!cases.empty() && !keys.contains(entry.name))
      refuse(place, "no case expects such a key, nor one below it", {},
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
  ObjectReader file = reader_of(parsed, std::string(origin), {}, kFileKeys);
  (void)file.text("$schema");
  if (const std::string format = file.need_text("format"); format != kBaselineFormat)
    file.refuse_value("format", fmt::format("is {}", format), std::string(kBaselineFormat));
  BaselineFile baseline;
  baseline.cases = cases_of(file);
  baseline.tolerance = tolerances_of(file, baseline.cases);
  return baseline;
}

}  // namespace hdp
