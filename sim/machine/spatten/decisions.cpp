// SPDX-License-Identifier: Apache-2.0
#include "machine/spatten/decisions.hpp"

#include <array>

#include "machine/code_cases.hpp"
#include <hdp/base/error.hpp>
#include <hdp/prune/spatten_decisions.hpp>

namespace hdp {
namespace {

constexpr Range kShare{0, 1};
constexpr Range kLayer{0, 1 << 20};
constexpr Range kCount{0, 1e12};

KeepBase read_base(const CaseSettings& object) {
  const Fact* const value = object.find("base");
  if (value == nullptr) return {};
  if (value->number())
    return {KeepBase::Kind::Number, number_in(*value, kCount, object.path("base"))};
  constexpr std::array<std::string_view, 2> kWords{"original", "current"};
  const std::string word = object.text("base", "original");
  if (word == kWords[0]) return {};
  if (word == kWords[1]) return {KeepBase::Kind::Current, 0};
  refuse(object.path("base"), "\"" + word + "\"", "original, current, a number",
         nearest_name(word, kWords));
}

/// A schedule as the user wrote it, read.
KeepSchedule read_schedule(const Fact& given, const std::string& where) {
  const CaseSettings object(given, where,
                            {"schedule", "keep", "base", "start_layer", "first", "last"});
  KeepSchedule schedule;
  schedule.base = read_base(object);
  constexpr std::array<std::string_view, 3> kWords{"constant", "step", "linear"};
  const std::string word = object.text("schedule", kWords[0]);
  if (word == kWords[0]) {
    schedule.keep = object.number("keep", 1, kShare);
  } else if (word == kWords[1]) {
    schedule.kind = KeepSchedule::Kind::Step;
    const Fact* const list = object.find("keep");
    const auto* const shares = list == nullptr ? nullptr : list->as<Fact::List>();
    if (shares == nullptr) refuse(object.path("keep"), "is no list", "one share a layer");
    for (const Fact& share : *shares)
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

ProgressiveQuantisation read_progressive(const Fact& given, const std::string& where) {
  const CaseSettings object(given, where, {"msb", "lsb", "threshold"});
  const ProgressiveQuantisation result{object.integer("msb", 8, {1, 23}),
                                       object.integer("lsb", 4, {1, 23}),
                                       object.number("threshold", 0.1, kShare)};
  if (result.msb + result.lsb > 24 || result.msb + result.lsb < 2)
    refuse(where, "msb + lsb exceeds the widest code", "at most 24 bits together");
  return result;
}

Facts counts_facts(const SpattenCounts& counts) {
  return {{"entries", counts.entries},
          {"lsb_rows", counts.lsb_rows},
          {"values_kept", counts.values_kept},
          {"near_ties", counts.near_ties},
          {"out_saturated", counts.out_saturated}};
}

Facts head_facts(const SpattenHeadDecisions& head) {
  Facts facts{{"head", head.head}, {"kv_head", head.kv_head}, {"live", head.live}};
  facts.update(counts_facts(head.counts));
  facts.update({{"value_rows_used", head.value_rows_used},
                {"lsb_rows_sha256", head.lsb_rows_sha256},
                {"values_kept_sha256", head.values_kept_sha256},
                {"p_sha256", head.p_sha256},
                {"out_sha256", head.out_sha256},
                {"score_sum", head.scores.sum},
                {"score_sum_squares", head.scores.squares},
                {"p_sum", head.p.sum},
                {"p_sum_squares", head.p.squares},
                {"out_sum", head.out.sum},
                {"out_sum_squares", head.out.squares},
                {"out_abs_sum", head.out_abs_sum},
                {"error", error_facts(head.error)}});
  return facts;
}

Facts layer_facts(const SpattenLayerDecisions& layer) {
  Facts facts = layer_shape_facts(layer.layer, layer.shape);
  facts.set("saturated", saturated_facts(layer.counts));
  facts.update(counts_facts(layer.counts));
  facts.update({{"live_tokens", layer.live_tokens},
                {"kept_tokens", layer.kept_tokens},
                {"tokens_live_sha256", layer.tokens_live_sha256},
                {"tokens_kept_sha256", layer.tokens_kept_sha256},
                {"token_importance_sha256", layer.token_importance_sha256},
                {"last_tokens_live", layer.last_tokens_live},
                {"last_tokens_kept", layer.last_tokens_kept},
                {"last_token_importance", layer.last_token_importance},
                {"heads_kept", layer.heads_kept},
                {"head_importance", layer.head_importance},
                {"token_cut_margin", layer.token_cut_margin},
                {"head_cut_margin", layer.head_cut_margin}});
  facts.set("heads", list_of(layer.heads, head_facts));
  return facts;
}

class SpattenCase final : public DecisionCase {
 public:
  SpattenCase(const Facts& given, std::optional<bool> causal, const std::string& where)
      : causal_(causal) {
    const CaseSettings object(given, where,
                              {"q_bits", "k_bits", "v_bits", "q_scale", "k_scale", "v_scale",
                               "token", "head", "value_keep", "progressive"});
    read_codes(object, settings_);
    token_ = schedule_of(object, "token", settings_.token);
    head_ = schedule_of(object, "head", settings_.head);
    settings_.value_keep = object.number("value_keep", 1, kShare);
    if (const Fact* const given_parts = object.find("progressive"))
      settings_.progressive = read_progressive(*given_parts, object.path("progressive"));
  }

  [[nodiscard]] Facts settings() const override {
    Facts facts = code_facts(settings_);
    facts.update({{"token", token_},
                  {"head", head_},
                  {"value_keep", settings_.value_keep},
                  {"progressive", nullptr},
                  {"causal", causal_}});
    if (const auto& progressive = settings_.progressive)
      facts.set("progressive", Facts{{"msb", progressive->msb},
                                     {"lsb", progressive->lsb},
                                     {"threshold", progressive->threshold}});
    return facts;
  }

  [[nodiscard]] Facts decide(const Trace& trace, unsigned threads) const override {
    return decisions_facts(trace, decide_spatten(trace, settings_, causal_, threads), counts_facts,
                           layer_facts);
  }

 private:
  /// Reads a schedule; returns it as it is echoed.
  static Fact schedule_of(const CaseSettings& object, std::string_view key,
                          KeepSchedule& schedule) {
    const Fact* const given = object.find(key);
    if (given == nullptr)
      return Facts{{"schedule", "constant"}, {"keep", 1.0}, {"base", "original"}};
    schedule = read_schedule(*given, object.path(key));
    return *given;
  }

  SpattenSettings settings_;
  Fact token_, head_;
  std::optional<bool> causal_;
};

}  // namespace

std::unique_ptr<DecisionCase> make_spatten_case(const Facts& settings, std::optional<bool> causal,
                                                const std::string& where) {
  return std::make_unique<SpattenCase>(settings, causal, where);
}

}  // namespace hdp
