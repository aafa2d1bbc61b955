// SPDX-License-Identifier: Apache-2.0
// Cases of `hdpsim prune`: decided alike by one thread and by two, on a prefill and on a decode.
#include <array>
#include <utility>

#include "mutate.hpp"
#include "report_check.hpp"
#include "targets.hpp"
#include "tiny_trace.hpp"
#include <hdp/config/facts_text.hpp>
#include <hdp/config/schema.hpp>
#include <hdp/prune/hdp_settings.hpp>
#include <hdp/study/prune.hpp>

namespace hdp::fuzz {
namespace {

const std::array<Trace, 2>& traces() {
  static const std::array kTraces{
      tiny_trace(Facts{{"layers", 2}, {"queries", 9}}),
      tiny_trace(Facts{{"stage", "decode"}, {"queries", 2}, {"type", "I8"}})};
  return kTraces;
}

bool play(std::string_view input) {
  bool good = false;
  for (const Trace& trace : traces()) {
    std::string one;
    if (!accepts([&] { one = decisions_json(trace, "tiny", input, "input", 1); })) continue;
    expect(decisions_json(trace, "tiny", input, "input", 2) == one, "any number of threads");
    check_numbers(parse_facts(one, "decisions"), "");
    good = true;
  }
  return good;
}

/// Of the systems that quantise by scale, whose settings have no table of fields.
constexpr std::string_view kCodeSchema = R"({"properties": {
  "q_bits": {"type": "integer", "minimum": 2, "maximum": 24, "default": 12},
  "k_bits": {"type": "integer", "minimum": 2, "maximum": 24, "default": 12},
  "v_bits": {"type": "integer", "minimum": 2, "maximum": 24, "default": 12},
  "q_scale": {"type": "number", "exclusiveMinimum": 0, "default": 0.01},
  "k_scale": {"type": "number", "exclusiveMinimum": 0, "default": 0.01},
  "v_scale": {"type": "number", "exclusiveMinimum": 0, "default": 0.01},
  "causal": {"anyOf": [{"type": "boolean"}, {"const": null}]}}})";

/// Of SpAtten's cases, beside the codes; heads have the schedules of tokens.
constexpr std::string_view kSpattenSchema = R"({"properties": {
  "value_keep": {"type": "number", "minimum": 0, "maximum": 1, "default": 1},
  "progressive": {"properties": {
    "msb": {"type": "integer", "minimum": 1, "maximum": 23, "default": 8},
    "lsb": {"type": "integer", "minimum": 1, "maximum": 23, "default": 4},
    "threshold": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.1}}},
  "token": {"anyOf": [
    {"properties": {"schedule": {"const": "constant"},
                    "keep": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
                    "base": {"enum": ["original", "current", 3]}}},
    {"properties": {"schedule": {"const": "step"},
                    "keep": {"type": "array", "items": {"type": "number", "minimum": 0,
                                                        "maximum": 1, "default": 0.5}}}},
    {"properties": {"schedule": {"const": "linear"},
                    "start_layer": {"type": "integer", "minimum": 0, "default": 1},
                    "first": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.9},
                    "last": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.4}}}]}}})";

/// Of Token-Picker's; lists that do not add up to k_bits are refused.
constexpr std::string_view kTokenPickerSchema = R"({"properties": {
  "chunk_bits": {"enum": [[4, 4, 4], [12], [1, 11], [6, 6], [2, 2], [8, 8, 8]]},
  "threshold": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "default": 0.001},
  "order": {"enum": ["breadth_first", "depth_first"]}}})";

/// Of LeOPArd's: a threshold and calibration together are refused.
constexpr std::string_view kLeopardSchema = R"({"properties": {
  "step_bits": {"enum": [1, 2, 3, 4, 6, 12]},
  "margin": {"enum": ["sign_pairs", "all_magnitudes"]},
  "threshold": {"anyOf": [{"type": "number", "default": 0.5}, {"const": [0.25, -1]},
                          {"const": null}]},
  "calibrate": {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
                          {"const": null}]}}})";

Facts properties_of(std::string_view schema) {
  return *parse_facts(schema, "schema").as<Facts>()->find("properties")->as<Facts>();
}

Facts with_codes(Facts own) {
  Facts properties = properties_of(kCodeSchema);
  properties.update(own);
  return {{"properties", std::move(properties)}};
}

Facts spatten_schema() {
  Facts properties = properties_of(kSpattenSchema);
  properties.set("head", *properties.find("token"));
  return with_codes(std::move(properties));
}

const Facts& settings_schema(std::string_view system) {
  static const Facts kHdp = *parse_facts(write_schema<HdpSettings>("hdp"), "schema").as<Facts>();
  static const Facts kSpatten = spatten_schema();
  static const Facts kPicker = with_codes(properties_of(kTokenPickerSchema));
  static const Facts kLeopard = with_codes(properties_of(kLeopardSchema));
  if (system == "hdp") return kHdp;
  if (system == "spatten") return kSpatten;
  return system == "leopard" ? kLeopard : kPicker;
}

Fact with_other_settings(const Fact& item, RandomStream& random) {
  Facts one = item.as<Facts>() == nullptr ? Facts{} : *item.as<Facts>();
  constexpr std::array<std::string_view, 4> kSystems{"hdp", "spatten", "tokenpicker", "leopard"};
  const std::string_view system = kSystems.at(random.below(kSystems.size()));
  const Fact* const old = one.find("settings");
  const bool same = one.find("system") != nullptr && *one.find("system") == Fact(system);
  Facts settings = same && old != nullptr && old->as<Facts>() ? *old->as<Facts>() : Facts{};
  for (std::int64_t i = between(random, 1, 3); i > 0; --i)
    settings = with_setting(std::move(settings), settings_schema(system), random);
  return Facts{{"name", "case"}, {"system", system}, {"settings", std::move(settings)}};
}

std::string mutate(std::string_view input, RandomStream& random) {
  Fact::List cases;
  try {
    const Fact parsed = parse_facts(input, "input");
    if (const auto* const list = parsed.as<Fact::List>()) cases = *list;
  } catch (const UserError&) {
    return with_other_bytes(std::string(input), random);
  }
  if (cases.empty() || (cases.size() < 3 && one_in(random, 6))) cases.emplace_back(Facts{});
  Fact& chosen = cases[random.below(cases.size())];
  chosen = one_in(random, 10) ? with_noise(chosen, random) : with_other_settings(chosen, random);
  return facts_text(cases, -1);
}

}  // namespace

const Target kCases{"cases", play, mutate, 15'000};

}  // namespace hdp::fuzz
