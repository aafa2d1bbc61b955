// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <utility>

#include "machine/control.hpp"
#include "machine/leopard/decisions.hpp"
#include "machine/leopard/play.hpp"
#include "machine/leopard/run_result.hpp"
#include <hdp/machine/configured.hpp>
#include <hdp/machine/leopard/kind.hpp>
#include <hdp/units/bit_serial_array.hpp>
#include <hdp/units/priority_fetch_unit.hpp>
#include <hdp/units/value_unit.hpp>

namespace hdp {
namespace {

class LeopardSession final : public Session {
 public:
  LeopardSession(const LeopardConfig& config, const Workload& workload, const PlayOptions& options)
      : sequences_(workload.sequences().begin(), workload.sequences().end()),
        play_(config, sequences_, options) {}
  void run_until(Cycle end) override { play_.run_until(end); }
  [[nodiscard]] bool done() const override { return play_.done(); }
  [[nodiscard]] Cycle now() const override { return play_.now(); }

 private:
  RunResult take_result() override { return run_result(play_.result()); }

  std::vector<Trace> sequences_;
  leopard::Play play_;
};

class LeopardMachine final : public ConfiguredMachine<LeopardConfig> {
 public:
  using ConfiguredMachine::ConfiguredMachine;
  [[nodiscard]] const MachineKind& kind() const override { return leopard_kind(); }
  [[nodiscard]] std::int64_t clock_mhz() const override { return config().clock_mhz; }
  [[nodiscard]] Resources resources() const override { return resources_of(config()); }
  /// A row of the input with as many columns as there are units; a weight comes bit by bit, as K.
  /// The value unit rests.
  [[nodiscard]] std::optional<LayerEngine> layer_engine() const override {
    return LayerEngine{.config = config().layer,
                       .array = {.rows = 1,
                                 .columns = config().dot_product.units,
                                 .depth = config().dot_product.taps,
                                 .cycles_per_product = ceil_div(config().layer.weight_bits,
                                                                config().prune.step_bits)},
                       .units = {dot_product_unit_kind().name},
                       .memory = config().memory,
                       .energy = config().energy,
                       .clock_mhz = config().clock_mhz};
  }

 private:
  [[nodiscard]] Job unpruned_job(const Workload& workload) const override {
    return {std::make_shared<LeopardMachine>(without_pruning(config())), workload};
  }
  [[nodiscard]] std::vector<Variant> variants(const Workload& workload) const override {
    const LeopardPruning& given = config().prune;
    LeopardConfig step = without_pruning(config());
    std::vector<Variant> all;
    const auto add = [&](std::string label, bool is_on, std::string remark) {
      all.push_back({std::move(label),
                     {std::make_shared<LeopardMachine>(step), workload},
                     is_on ? std::string() : std::move(remark)});
    };
    add("dense", true, {});
    step.prune.pruning = true;
    add("+ threshold", given.pruning, "prune.pruning=true");
    step.prune.early_termination = true;
    step.prune.margin = MarginRule::AllMagnitudes;
    add("+ early termination", given.early_termination, "prune.early_termination=true");
    step.prune.margin = MarginRule::SignPairs;
    add("+ margin of sign pairs", given.margin == MarginRule::SignPairs, "prune.margin=sign_pairs");
    return all;
  }
  [[nodiscard]] std::unique_ptr<Session> open(const Workload& workload,
                                              const PlayOptions& options) const override {
    return std::make_unique<LeopardSession>(config(), workload, options);
  }
};

class LeopardMachineKind final : public ConfiguredKind<LeopardConfig, LeopardMachine> {
 public:
  [[nodiscard]] std::string_view name() const override { return name_of(LeopardKind::Leopard); }
  [[nodiscard]] std::string_view title() const override {
    return "LeOPArd: learned thresholds, keys bit by bit until they are out of reach";
  }
  [[nodiscard]] Abilities can() const override {
    return {.trace = true,
            .batch = true,
            .layers = true,
            .fidelity = true,
            .timeline = true,
            .maps = true,
            .foreign_memory = true};
  }
  [[nodiscard]] std::vector<const UnitKind*> units() const override {
    return {&sequencer_kind(), &priority_fetch_unit_kind(), &dot_product_unit_kind(),
            &value_unit_kind(), &dram_kind()};
  }
  [[nodiscard]] std::string_view system() const override { return name(); }
  [[nodiscard]] std::unique_ptr<DecisionCase> decisions(const Facts& settings,
                                                        std::optional<bool> causal,
                                                        const std::string& where) const override {
    return make_leopard_case(settings, causal, where);
  }
};

}  // namespace

const MachineKind& leopard_kind() {
  static const LeopardMachineKind kind;
  return kind;
}

std::unique_ptr<Machine> make_machine(LeopardConfig config) {
  validate(config);
  return std::make_unique<LeopardMachine>(std::move(config));
}

}  // namespace hdp
