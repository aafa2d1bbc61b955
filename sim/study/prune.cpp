// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/study/prune.hpp>

namespace hdp {
namespace {

struct NamedCase {
  std::string name, system;
  std::unique_ptr<DecisionCase> decisions;
};

std::string text_at(const Facts& object, std::string_view name, const std::string& where) {
  const Fact* const found = object.find(name);
  const auto* const text = found == nullptr ? nullptr : found->as<std::string>();
  if (text == nullptr) refuse(fmt::format("{}/{}", where, name), "is missing or no text", "a text");
  return *text;
}

const MachineKind& kind_with(const std::string& system, Kinds kinds, const std::string& where) {
  std::vector<std::string_view> systems;
  for (const MachineKind* kind : kinds) {
    if (kind->system().empty()) continue;
    if (kind->system() == system) return *kind;
    systems.push_back(kind->system());
  }
  refuse(where + "/system", fmt::format("'{}' is no system of this version", system),
         fmt::format("{}", fmt::join(systems, ", ")), nearest_name(system, systems));
}

/// What is set, groups of it included: an explicit null is the default.
Facts without_nulls(const Facts& all) {
  Facts settings;
  for (const NamedFact& setting : all) {
    if (setting.value.is_null()) continue;
    const auto* const group = setting.value.as<Facts>();
    settings.append(setting.name, group == nullptr ? setting.value : Fact(without_nulls(*group)));
  }
  return settings;
}

Facts settings_of(const Facts& item, const std::string& where) {
  const Fact* const given = item.find("settings");
  if (given == nullptr) return {};
  const auto* const all = given->as<Facts>();
  if (all == nullptr) refuse(where + "/settings", "is no object", "an object");
  return without_nulls(*all);
}

std::optional<bool> take_causal(Facts& settings, const std::string& where) {
  const Fact* const found = settings.find("causal");
  if (found == nullptr) return std::nullopt;
  const auto* const causal = found->as<bool>();
  if (causal == nullptr)
    refuse(where + "/settings/causal", "is no truth value",
           "true, false, null (the trace decides)");
  const bool value = *causal;
  settings.erase("causal");
  return value;
}

NamedCase read_case(const Fact& item, const std::string& where, Kinds kinds) {
  constexpr std::array<std::string_view, 3> kNames{"name", "system", "settings"};
  const auto* const facts = item.as<Facts>();
  if (facts == nullptr) refuse(where, "is no object", "{name, system, settings}");
  for (const NamedFact& fact : *facts)
    if (std::ranges::find(kNames, fact.name) == kNames.end())
      refuse(fmt::format("{}/{}", where, fact.name), "is no key of a case",
             "name, system, settings", nearest_name(fact.name, kNames));
  const std::string system = text_at(*facts, "system", where);
  const MachineKind& kind = kind_with(system, kinds, where);
  Facts settings = settings_of(*facts, where);
  const std::optional<bool> causal = take_causal(settings, where);
  return {text_at(*facts, "name", where), system,
          kind.decisions(settings, causal, where + "/settings")};
}

Facts run_case(const Trace& trace, const NamedCase& item, unsigned threads) {
  Facts result{
      {"name", item.name}, {"system", item.system}, {"settings", item.decisions->settings()}};
  result.update(item.decisions->decide(trace, threads));
  return result;
}

}  // namespace

std::string decisions_json(const Trace& trace, std::string_view file_name,
                           std::string_view cases_text, std::string_view origin, unsigned threads,
                           const CaseObserver& observer, Kinds kinds) {
  const Fact parsed = parse_facts(cases_text, origin);
  const auto* const list = parsed.as<Fact::List>();
  if (list == nullptr)
    refuse(std::string(origin), "is not a list", "[{name, system, settings}, ...]");
  std::vector<NamedCase> cases;
  for (const Fact& item : *list)
    cases.push_back(read_case(item, fmt::format("{}: /{}", origin, cases.size()), kinds));
  Fact::List results;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (observer) observer(i, cases.size(), cases[i].name);
    results.emplace_back(run_case(trace, cases[i], threads));
  }
  return facts_text(Facts{{"format", "decisions-1"},
                          {"trace", Facts{{"file", file_name}, {"sha256", trace.sha256()}}},
                          {"cases", std::move(results)}});
}

}  // namespace hdp
