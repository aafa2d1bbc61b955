// SPDX-License-Identifier: Apache-2.0
#include "report/decision_case.hpp"
#include "report/hdp_decisions_json.hpp"
#include <hdp/base/error.hpp>
#include <hdp/config/read.hpp>
#include <hdp/config/write.hpp>

namespace hdp {
namespace {

class HdpCase final : public DecisionCase {
 public:
  HdpCase(const Json& given, std::optional<bool> causal, const std::string& where)
      : causal_(causal) {
    read_settings(settings_, given.dump(), where);
    try {
      validate(settings_);
    } catch (const UserError& mistake) {
      throw mistake.within(where);
    }
  }

  [[nodiscard]] Json settings() const override {
    Json settings = Json::parse(write_settings(settings_));
    settings["causal"] = or_null(causal_);
    return settings;
  }
  void run(const Trace& trace, unsigned threads, Json& result) const override {
    const HdpDecisions decisions = decide_hdp(trace, settings_, causal_, threads);
    result["causal"] = decisions.causal;
    result["decode"] = trace.stage() == Stage::Decode;
    write_decisions(decisions, result);
  }

 private:
  HdpSettings settings_;
  std::optional<bool> causal_;
};

}  // namespace

std::unique_ptr<DecisionCase> make_hdp_case(const Json& settings, std::optional<bool> causal,
                                            const std::string& where) {
  return std::make_unique<HdpCase>(settings, causal, where);
}

}  // namespace hdp
