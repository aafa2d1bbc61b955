// SPDX-License-Identifier: Apache-2.0
#include "toy/kind.hpp"

#include <utility>

#include "toy/play.hpp"
#include <hdp/config/facts_text.hpp>
#include <hdp/machine/configured.hpp>

namespace toy {
namespace {

class ToyMachine final : public hdp::ConfiguredMachine<ToyConfig> {
 public:
  using ConfiguredMachine::ConfiguredMachine;
  [[nodiscard]] const hdp::MachineKind& kind() const override { return toy_kind(); }
  [[nodiscard]] std::int64_t clock_mhz() const override { return config().clock_mhz; }
  [[nodiscard]] hdp::Resources resources() const override {
    return {.multipliers = config().multipliers,
            .sram_bytes = config().buffer_bytes,
            .peak_bytes_per_s =
                static_cast<double>(config().bytes_per_cycle * config().clock_mhz) * 1e6};
  }

 private:
  [[nodiscard]] std::unique_ptr<hdp::Session> open(const hdp::Workload& workload,
                                                   const hdp::PlayOptions& options) const override {
    return std::make_unique<ToySession>(config(), workload, options);
  }
  [[nodiscard]] hdp::Job with_keep(double keep, const hdp::Workload& workload) const {
    ToyConfig changed = config();
    changed.prune.keep = keep;
    return {std::make_shared<ToyMachine>(changed), workload};
  }
  /// Rows bring their decisions.
  [[nodiscard]] hdp::Job unpruned_job(const hdp::Workload& workload) const override {
    if (const hdp::SpattenWorkload* rows = workload.rows())
      return with_keep(1, hdp::Workload(hdp::with_rows(*rows, hdp::unpruned(rows->rows))));
    return with_keep(1, workload);
  }
  [[nodiscard]] std::vector<hdp::Variant> variants(const hdp::Workload& workload) const override {
    const double keep = config().prune.keep;
    std::vector<hdp::Variant> all{{"dense", unpruned_job(workload)}};
    if (workload.rows() == nullptr)
      all.push_back({"+ half of it", with_keep((1 + keep) / 2, workload)});
    all.push_back({"+ keep", with_keep(keep, workload)});
    return all;
  }
};

class ToyCase final : public hdp::DecisionCase {
 public:
  ToyCase(const hdp::Facts& settings, std::optional<bool> causal, const std::string& where)
      : causal_(causal) {
    hdp::read_settings(prune_, hdp::facts_text(settings), where);
  }
  [[nodiscard]] hdp::Facts settings() const override {
    return {{"keep", prune_.keep}, {"causal", causal_}};
  }
  [[nodiscard]] hdp::Facts decide(const hdp::Trace& trace, unsigned /*threads*/) const override {
    const bool causal = causal_.value_or(trace.causal());
    hdp::Fact::List layers;
    for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
      std::vector<std::int64_t> kept;
      for (const hdp::Problem& problem : hdp::problems(trace, layer, causal))
        for (std::int64_t i = 0; i < problem.queries; ++i)
          kept.push_back(prune_.kept(problem.visible(i)));
      layers.emplace_back(hdp::Facts{{"layer", layer}, {"kept_by_query", kept}});
    }
    return {{"causal", causal}, {"layers", std::move(layers)}};
  }

 private:
  ToyPruning prune_;
  std::optional<bool> causal_;
};

class ToyMachineKind final : public hdp::ConfiguredKind<ToyConfig, ToyMachine> {
 public:
  [[nodiscard]] std::string_view name() const override { return hdp::name_of(ToyKind::Toy); }
  [[nodiscard]] std::string_view title() const override { return "A toy: the first keys stay"; }
  [[nodiscard]] hdp::Abilities can() const override {
    return {.trace = true, .rows = true, .prefill_rows = true, .fidelity = true, .timeline = true};
  }
  [[nodiscard]] std::vector<const hdp::UnitKind*> units() const override {
    return {&toy_array_kind()};
  }
  [[nodiscard]] std::string_view system() const override { return name(); }
  [[nodiscard]] std::unique_ptr<hdp::DecisionCase> decisions(
      const hdp::Facts& settings, std::optional<bool> causal,
      const std::string& where) const override {
    return std::make_unique<ToyCase>(settings, causal, where);
  }
};

}  // namespace

const hdp::MachineKind& toy_kind() {
  static const ToyMachineKind kKind;
  return kKind;
}

hdp::Knobs knobs_of(const ToyConfig& /*config*/) {
  hdp::Knob keep{.parts = {{.path = "prune.keep"}},
                 .scale = hdp::shares(),
                 .prunes_upwards = false,
                 .moves = {{"prune_ratio"}, {"mass_kept"}, {"relative_frobenius", false}}};
  keep.scale.first = 100;  // the least that the setting takes
  return {.one = {std::move(keep)}, .by_layer = {}, .sooner = {}};
}

std::unique_ptr<hdp::Machine> make_machine(ToyConfig config) {
  validate(config);
  return std::make_unique<ToyMachine>(std::move(config));
}

}  // namespace toy
