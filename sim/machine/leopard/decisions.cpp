// SPDX-License-Identifier: Apache-2.0
#include "machine/leopard/decisions.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "machine/code_cases.hpp"
#include "machine/leopard/counts_facts.hpp"
#include "machine/leopard/step_bits.hpp"
#include <hdp/base/error.hpp>
#include <hdp/prune/leopard_decisions.hpp>
#include <hdp/prune/leopard_threshold.hpp>

namespace hdp {
namespace {

constexpr double kLargest = 1e100;
constexpr Range kThreshold{-kLargest, kLargest};

std::int64_t read_step_bits(const CaseSettings& object, std::int64_t key_bits) {
  const std::int64_t bits =
      object.integer("step_bits", LeopardSettings{}.step_bits, {1, kCodeBits.max});
  need_divisor(bits, key_bits, object.path("step_bits"));
  return bits;
}

std::vector<double> read_thresholds(const Fact& given, const std::string& path) {
  const auto* const list = given.as<Fact::List>();
  if (list == nullptr) return {number_in(given, kThreshold, path)};
  std::vector<double> thresholds;
  for (const Fact& one : *list) thresholds.push_back(number_in(one, kThreshold, path));
  if (thresholds.empty()) refuse(path, "is an empty list", "a number, or one a layer");
  return thresholds;
}

double read_share(const CaseSettings& object) {
  const double share = object.number("calibrate", 0, {0, 1});
  if (share == 1) refuse(object.path("calibrate"), "1", "a number in [0, 1)");
  return share;
}

Facts head_facts(const LeopardHeadDecisions& head) {
  Facts facts{{"head", head.head}, {"kv_head", head.kv_head}, {"threshold_int", head.threshold}};
  facts.update(counts_facts(head.counts));
  facts.update({{"survivors_per_query", head.survivors_per_query},
                {"survivors_sha256", head.survivors_sha256},
                {"steps_sha256", head.steps_sha256},
                {"score_sum", head.scores.sum},
                {"score_sum_squares", head.scores.squares},
                {"score_sha256", head.score_sha256},
                {"out_norm", head.error.out_norm()},
                {"mass_kept", head.mass_kept},
                {"error", error_facts(head.error)}});
  return facts;
}

Facts layer_facts(const LeopardLayerDecisions& layer) {
  Facts facts = layer_shape_facts(layer.layer, layer.shape);
  facts.update({{"threshold", layer.threshold}, {"saturated", saturated_facts(layer.counts)}});
  facts.update(counts_facts(layer.counts));
  facts.set("heads", list_of(layer.heads, head_facts));
  return facts;
}

class LeopardCase final : public DecisionCase {
 public:
  LeopardCase(const Facts& given, std::optional<bool> causal, std::string where)
      : where_(std::move(where)), causal_(causal) {
    const CaseSettings object(given, where_,
                              {"q_bits", "k_bits", "v_bits", "step_bits", "margin", "threshold",
                               "calibrate", "q_scale", "k_scale", "v_scale"});
    read_codes(object, settings_);
    settings_.step_bits = read_step_bits(object, settings_.k_bits);
    settings_.margin = object.choice("margin", settings_.margin);
    const Fact* const threshold = object.find("threshold");
    if ((threshold == nullptr) == (object.find("calibrate") == nullptr))
      refuse(where_, threshold == nullptr ? "has no threshold" : "has a threshold twice",
             "either threshold (a number, or one a layer) or calibrate (a share below 1)");
    if (threshold == nullptr) {
      settings_.calibrate = read_share(object);
    } else {
      threshold_ = *threshold;
      settings_.threshold = read_thresholds(*threshold, object.path("threshold"));
    }
  }

  [[nodiscard]] Facts settings() const override {
    Facts facts = code_facts(settings_);
    facts.update({{"step_bits", settings_.step_bits},
                  {"margin", name_of(settings_.margin)},
                  {"threshold", threshold_},
                  {"calibrate", settings_.calibrate},
                  {"causal", causal_}});
    return facts;
  }

  [[nodiscard]] Facts decide(const Trace& trace, unsigned threads) const override {
    check_thresholds(settings_, trace.layers(), where_);
    return decisions_facts(trace, decide_leopard(trace, settings_, causal_, threads), counts_facts,
                           layer_facts);
  }

 private:
  std::string where_;
  LeopardSettings settings_;
  Fact threshold_;  ///< As it is echoed.
  std::optional<bool> causal_;
};

}  // namespace

std::unique_ptr<DecisionCase> make_leopard_case(const Facts& settings, std::optional<bool> causal,
                                                const std::string& where) {
  return std::make_unique<LeopardCase>(settings, causal, where);
}

}  // namespace hdp
