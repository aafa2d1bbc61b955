// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "report/decision_case.hpp"
#include "report/settings_object.hpp"
#include "report/spatten_decisions_json.hpp"
#include <hdp/base/error.hpp>

namespace hdp {
namespace {

constexpr Range kShare{0, 1};
constexpr Range kBits{2, 24};
constexpr Range kLayer{0, 1 << 20};
constexpr Range kScale{0, 1e300, true};
constexpr Range kCount{0, 1e12};

[[noreturn]] void refuse(const std::string& path, std::string problem, std::string allowed,
                         std::string nearest = {}) {
  throw UserError({.path = path,
                   .problem = std::move(problem),
                   .allowed = std::move(allowed),
                   .nearest = std::move(nearest)});
}

KeepBase read_base(const SettingsObject& object) {
  const Json* const value = object.find("base");
  if (value == nullptr) return {};
  if (value->is_number())
    return {KeepBase::Kind::Number, number_in(*value, kCount, object.path("base"))};
  constexpr std::array<std::string_view, 2> kWords{"original", "current"};
  const std::string word = object.text("base", "original");
  if (word == kWords[0]) return {};
  if (word == kWords[1]) return {KeepBase::Kind::Current, 0};
  refuse(object.path("base"), "\"" + word + "\"", "original, current, a number",
         nearest_name(word, kWords));
}

/// A schedule as the user wrote it, read.
KeepSchedule read_schedule(const Json& json, const std::string& where) {
  const SettingsObject object(json, where,
                              {"schedule", "keep", "base", "start_layer", "first", "last"});
  KeepSchedule schedule;
  schedule.base = read_base(object);
  constexpr std::array<std::string_view, 3> kWords{"constant", "step", "linear"};
  const std::string word = object.text("schedule", kWords[0]);
  if (word == kWords[0]) {
    schedule.keep = object.number("keep", 1, kShare);
  } else if (word == kWords[1]) {
    schedule.kind = KeepSchedule::Kind::Step;
    const Json* const list = object.find("keep");
    if (list == nullptr || !list->is_array())
      refuse(object.path("keep"), "is no list", "one share a layer");
    for (const Json& share : *list)
      schedule.steps.push_back(number_in(share, kShare, object.path("keep")));
  } else if (word == kWords[2]) {
    schedule.kind = KeepSchedule::Kind::Linear;
    schedule.start_layer = object.integer("start_layer", 0, kLayer);
    schedule.first = object.number("first", 1, kShare);
    schedule.last = object.number("last", 1, kShare);
  } else {
    refuse(object.path("schedule"), "\"" + word + "\"", "constant, step, linear",
           nearest_name(word, kWords));
  }
  return schedule;
}

ProgressiveQuantisation read_progressive(const Json& json, const std::string& where) {
  const SettingsObject object(json, where, {"msb", "lsb", "threshold"});
  const ProgressiveQuantisation result{object.integer("msb", 8, {1, 23}),
                                       object.integer("lsb", 4, {1, 23}),
                                       object.number("threshold", 0.1, kShare)};
  if (result.msb + result.lsb > 24 || result.msb + result.lsb < 2)
    refuse(where, "msb + lsb exceeds the widest code", "at most 24 bits together");
  return result;
}

class SpattenCase final : public DecisionCase {
 public:
  SpattenCase(const Json& given, std::optional<bool> causal, const std::string& where)
      : causal_(causal) {
    const SettingsObject object(given, where,
                                {"q_bits", "k_bits", "v_bits", "q_scale", "k_scale", "v_scale",
                                 "token", "head", "value_keep", "progressive"});
    settings_.q_bits = object.integer("q_bits", 12, kBits);
    settings_.k_bits = object.integer("k_bits", 12, kBits);
    settings_.v_bits = object.integer("v_bits", 12, kBits);
    const auto scale = [&](std::string_view key) -> std::optional<double> {
      if (object.find(key) == nullptr) return std::nullopt;
      return object.number(key, 1, kScale);
    };
    settings_.q_scale = scale("q_scale");
    settings_.k_scale = scale("k_scale");
    settings_.v_scale = scale("v_scale");
    token_ = schedule_of(object, "token", settings_.token);
    head_ = schedule_of(object, "head", settings_.head);
    settings_.value_keep = object.number("value_keep", 1, kShare);
    if (const Json* const json = object.find("progressive"))
      settings_.progressive = read_progressive(*json, object.path("progressive"));
  }

  [[nodiscard]] Json settings() const override {
    Json json = {{"q_bits", settings_.q_bits},
                 {"k_bits", settings_.k_bits},
                 {"v_bits", settings_.v_bits},
                 {"q_scale", or_null(settings_.q_scale)},
                 {"k_scale", or_null(settings_.k_scale)},
                 {"v_scale", or_null(settings_.v_scale)},
                 {"token", token_},
                 {"head", head_},
                 {"value_keep", settings_.value_keep},
                 {"progressive", nullptr},
                 {"causal", or_null(causal_)}};
    if (const auto& progressive = settings_.progressive)
      json["progressive"] = {{"msb", progressive->msb},
                             {"lsb", progressive->lsb},
                             {"threshold", progressive->threshold}};
    return json;
  }
  void run(const Trace& trace, unsigned threads, Json& result) const override {
    write_decisions(decide_spatten(trace, settings_, causal_, threads), trace, result);
  }

 private:
  /// Reads a schedule; returns it as it is echoed.
  static Json schedule_of(const SettingsObject& object, std::string_view key,
                          KeepSchedule& schedule) {
    const Json* const given = object.find(key);
    if (given == nullptr) return {{"schedule", "constant"}, {"keep", 1.0}, {"base", "original"}};
    schedule = read_schedule(*given, object.path(key));
    return *given;
  }

  SpattenSettings settings_;
  Json token_, head_;
  std::optional<bool> causal_;
};

}  // namespace

std::unique_ptr<DecisionCase> make_spatten_case(const Json& settings, std::optional<bool> causal,
                                                const std::string& where) {
  return std::make_unique<SpattenCase>(settings, causal, where);
}

}  // namespace hdp
