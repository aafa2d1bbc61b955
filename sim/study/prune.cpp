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

/// The reader of a system.
std::unique_ptr<DecisionCase> read_with(const std::string& system, Kinds kinds,
                                        const Facts& settings, std::optional<bool> causal,
                                        const std::string& where) {
  std::vector<std::string_view> systems;
  const std::string path = where + "/settings";
  for (const MachineKind* kind : kinds) {
    if (kind->system().empty()) continue;
    if (kind->system() == system) return kind->decisions(settings, causal, path);
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
  Facts settings = settings_of(*facts, where);
  const std::optional<bool> causal = take_causal(settings, where);
  return {text_at(*facts, "name", where), system,
          read_with(system, kinds, settings, causal, where)};
}

std::vector<NamedCase> read_cases(std::string_view text, std::string_view origin, DecidesOn given,
                                  const std::string& given_name, Kinds kinds) {
  const Fact parsed = parse_facts(text, origin);
  const auto* const list = parsed.as<Fact::List>();
  if (list == nullptr)
    refuse(std::string(origin), "is not a list", "[{name, system, settings}, ...]");
  std::vector<NamedCase> cases;
  for (const Fact& item : *list) {
    const std::string where = fmt::format("{}: /{}", origin, cases.size());
    cases.push_back(read_case(item, where, kinds));
    const DecidesOn wanted = cases.back().decisions->decides_on();
    if (wanted != given)
      refuse(where + "/system",
             fmt::format("'{}' decides on {}; {} holds {}", cases.back().system, name_of(wanted),
                         given_name, name_of(given)),
             std::string(name_of(wanted)));
  }
  return cases;
}

/// decide(case) makes the facts of one.
template <class Decide>
std::string run_cases(const std::vector<NamedCase>& cases, Facts input,
                      const CaseObserver& observer, Decide decide) {
  Fact::List results;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const NamedCase& item = cases[i];
    if (observer) observer(i, cases.size(), item.name);
    Facts result{
        {"name", item.name}, {"system", item.system}, {"settings", item.decisions->settings()}};
    result.update(decide(*item.decisions));
    results.emplace_back(std::move(result));
  }
  return facts_text(
      Facts{{"format", "decisions-1"}, {"trace", std::move(input)}, {"cases", std::move(results)}});
}

}  // namespace

std::string decisions_json(const Trace& trace, std::string_view file_name,
                           std::string_view cases_text, std::string_view origin, unsigned threads,
                           const CaseObserver& observer, Kinds kinds) {
  const auto cases = read_cases(cases_text, origin, DecidesOn::Trace, trace.name(), kinds);
  return run_cases(cases, Facts{{"file", file_name}, {"sha256", trace.sha256()}}, observer,
                   [&](const DecisionCase& one) { return one.decide(trace, threads); });
}

std::string decisions_json(const Weights& weights, std::string_view file_name,
                           std::string_view cases_text, std::string_view origin, unsigned threads,
                           const CaseObserver& observer, Kinds kinds) {
  const auto cases = read_cases(cases_text, origin, DecidesOn::Weights, weights.name(), kinds);
  return run_cases(
      cases, Facts{{"file", file_name}, {"sha256", weights.sha256()}}, observer,
      [&](const DecisionCase& one) { return one.decide_on_weights(weights, threads); });
}

}  // namespace hdp
