// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "report/decision_case.hpp"
#include <hdp/base/error.hpp>
#include <hdp/report/decisions.hpp>

namespace hdp {
namespace {

constexpr std::array<std::string_view, 2> kSystems{"hdp", "spatten"};
using MakeCase = std::unique_ptr<DecisionCase> (*)(const Json&, std::optional<bool>,
                                                   const std::string&);
constexpr std::array<MakeCase, kSystems.size()> kMakers{make_hdp_case, make_spatten_case};

struct NamedCase {
  std::string name, system;
  std::unique_ptr<DecisionCase> decisions;
};

[[noreturn]] void wrong(std::string_view where, std::string problem, std::string allowed,
                        std::string nearest = {}) {
  throw UserError({.path = std::string(where),
                   .problem = std::move(problem),
                   .allowed = std::move(allowed),
                   .nearest = std::move(nearest)});
}

Json parse_list(std::string_view text, std::string_view origin) {
  try {
    Json list = Json::parse(text);
    if (!list.is_array()) wrong(origin, "is not a list", "[{name, system, settings}, ...]");
    return list;
  } catch (const Json::parse_error& error) {
    wrong(origin, fmt::format("no valid JSON at byte {}", error.byte), "a JSON list of cases");
  }
}

std::string text_at(const Json& object, std::string_view key, const std::string& where) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string())
    wrong(fmt::format("{}/{}", where, key), "is missing or no text", "a text");
  return found->get<std::string>();
}

std::optional<bool> take_causal(Json& settings, const std::string& where) {
  const auto found = settings.find("causal");
  if (found == settings.end()) return std::nullopt;
  if (!found->is_boolean())
    wrong(where + "/settings/causal", "is no truth value", "true, false, null (the trace decides)");
  const bool causal = found->get<bool>();
  settings.erase(found);
  return causal;
}

NamedCase read_case(const Json& item, const std::string& where) {
  constexpr std::array<std::string_view, 3> kKeys{"name", "system", "settings"};
  if (!item.is_object()) wrong(where, "is no object", "{name, system, settings}");
  for (const auto& [key, value] : item.items())
    if (std::ranges::find(kKeys, key) == kKeys.end())
      wrong(fmt::format("{}/{}", where, key), "is no key of a case", "name, system, settings",
            nearest_name(key, kKeys));
  const std::string system = text_at(item, "system", where);
  const auto* const known = std::ranges::find(kSystems, system);
  if (known == kSystems.end())
    wrong(where + "/system", fmt::format("'{}' is no system of this version", system),
          fmt::format("{}", fmt::join(kSystems, ", ")), nearest_name(system, kSystems));
  Json given = item.value("settings", Json::object());
  if (!given.is_object()) wrong(where + "/settings", "is no object", "an object");
  Json settings = Json::object();
  for (const auto& [key, value] : given.items())
    if (!value.is_null()) settings[key] = value;  // an explicit null is the default
  const std::optional<bool> causal = take_causal(settings, where);
  const MakeCase make = kMakers[static_cast<std::size_t>(known - kSystems.begin())];
  return {text_at(item, "name", where), system, make(settings, causal, where + "/settings")};
}

Json run_case(const Trace& trace, const NamedCase& item, unsigned threads) {
  Json result = {
      {"name", item.name}, {"system", item.system}, {"settings", item.decisions->settings()}};
  item.decisions->run(trace, threads, result);
  return result;
}

}  // namespace

std::string decisions_json(const Trace& trace, std::string_view file_name,
                           std::string_view cases_text, std::string_view origin, unsigned threads,
                           const CaseObserver& observer) {
  std::vector<NamedCase> cases;
  for (const Json& item : parse_list(cases_text, origin))
    cases.push_back(read_case(item, fmt::format("{}: /{}", origin, cases.size())));
  Json results = Json::array();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (observer) observer(i, cases.size(), cases[i].name);
    results.push_back(run_case(trace, cases[i], threads));
  }
  return json_text({{"format", "decisions-1"},
                    {"trace", {{"file", file_name}, {"sha256", trace.sha256()}}},
                    {"cases", std::move(results)}});
}

}  // namespace hdp
