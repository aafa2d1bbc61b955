// SPDX-License-Identifier: Apache-2.0
#include "machine/sta/decisions.hpp"

#include <fmt/format.h>

#include "machine/case_settings.hpp"
#include <hdp/base/error.hpp>
#include <hdp/prune/nm_decisions.hpp>

namespace hdp {
namespace {

constexpr Range kGroup{1, 1 << 20};
constexpr Range kBits{1, 64};

Facts counts_facts(const NmCounts& counts) {
  return {{"groups", counts.groups},
          {"kept", counts.kept},
          {"total", counts.total},
          {"bits", counts.bits},
          {"dense_bits", counts.dense_bits}};
}

class NmCase final : public DecisionCase {
 public:
  NmCase(const Facts& given, const std::string& where) {
    const CaseSettings object(given, where, {"n", "m", "bits", "axis"});
    settings_.m = object.integer("m", settings_.m, kGroup);
    settings_.n = object.integer("n", settings_.n, kGroup);
    if (settings_.n > settings_.m)
      refuse(object.path("n"), fmt::format("{} of {} weights", settings_.n, settings_.m),
             fmt::format("at most m, {}", settings_.m));
    settings_.bits = object.integer("bits", settings_.bits, kBits);
    settings_.axis = object.integer("axis", settings_.axis, {0, 1});
  }

  [[nodiscard]] Facts settings() const override {
    return {
        {"n", settings_.n}, {"m", settings_.m}, {"bits", settings_.bits}, {"axis", settings_.axis}};
  }
  [[nodiscard]] DecidesOn decides_on() const override { return DecidesOn::Weights; }

  [[nodiscard]] Facts decide_on_weights(const Weights& weights, unsigned threads) const override {
    const NmDecisions decisions = decide_nm(weights, settings_, threads);
    Fact::List tensors;
    for (const NmMatrix& matrix : decisions.matrices) {
      Facts facts{
          {"tensor", matrix.name}, {"shape", matrix.shape}, {"mask_sha256", matrix.mask_sha256}};
      facts.update(counts_facts(matrix.counts));
      tensors.emplace_back(std::move(facts));
    }
    return {{"total", counts_facts(decisions.total)}, {"tensors", std::move(tensors)}};
  }

 private:
  NmSettings settings_;
};

}  // namespace

std::unique_ptr<DecisionCase> make_nm_case(const Facts& settings, std::optional<bool> causal,
                                           const std::string& where) {
  if (causal) refuse(where + "/causal", "no such setting", "n, m, bits, axis");
  return std::make_unique<NmCase>(settings, where);
}

}  // namespace hdp
