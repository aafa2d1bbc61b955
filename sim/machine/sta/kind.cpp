// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <utility>

#include "machine/layer/sequencer.hpp"
#include "machine/sta/decisions.hpp"
#include "machine/sta/play.hpp"
#include "machine/sta/run_result.hpp"
#include <hdp/machine/configured.hpp>
#include <hdp/machine/sta/kind.hpp>
#include <hdp/units/matrix_engine.hpp>
#include <hdp/units/stream_unit.hpp>

namespace hdp {
namespace {

class StaSession final : public Session {
 public:
  StaSession(const StaConfig& config, const Workload& workload, const PlayOptions& options)
      : sequences_(workload.sequences().begin(), workload.sequences().end()),
        play_(config, sequences_, options) {}
  void run_until(Cycle end) override { play_.run_until(end); }
  [[nodiscard]] bool done() const override { return play_.done(); }
  [[nodiscard]] Cycle now() const override { return play_.now(); }

 private:
  RunResult take_result() override { return run_result(play_.result()); }

  std::vector<Trace> sequences_;
  sta::Play play_;
};

class StaMachine final : public ConfiguredMachine<StaConfig> {
 public:
  using ConfiguredMachine::ConfiguredMachine;
  [[nodiscard]] const MachineKind& kind() const override { return sta_kind(); }
  [[nodiscard]] std::int64_t clock_mhz() const override { return config().clock_mhz; }
  [[nodiscard]] Resources resources() const override { return resources_of(config()); }
  [[nodiscard]] std::optional<LayerEngine> layer_engine() const override {
    return LayerEngine{.config = config().layer,
                       .array = matrix_array(config()),
                       .units = {matrix_engine_kind().name},
                       .shares_buffers = true,
                       .memory = config().memory,
                       .energy = config().energy,
                       .clock_mhz = config().clock_mhz};
  }

 private:
  [[nodiscard]] Job unpruned_job(const Workload& workload) const override {
    return {std::make_shared<StaMachine>(without_pruning(config())), workload};
  }
  [[nodiscard]] std::vector<Variant> variants(const Workload& workload) const override {
    StaConfig step = without_pruning(config());
    std::vector<Variant> all{{"dense", {std::make_shared<StaMachine>(step), workload}}};
    const bool sparse = config().layer.pattern().sparse();
    const LayerConfig& pattern = sparse ? config().layer : StaConfig{}.layer;
    step.layer.kept = pattern.kept;
    step.layer.of = pattern.of;
    all.push_back({"+ N:M",
                   {std::make_shared<StaMachine>(step), workload},
                   sparse ? std::string() : "layer.kept=2, layer.of=8"});
    return all;
  }

  [[nodiscard]] std::unique_ptr<Session> open(const Workload& workload,
                                              const PlayOptions& options) const override {
    return std::make_unique<StaSession>(config(), workload, options);
  }
};

class StaMachineKind final : public ConfiguredKind<StaConfig, StaMachine> {
 public:
  [[nodiscard]] std::string_view name() const override { return name_of(StaKind::Sta); }
  [[nodiscard]] std::string_view title() const override {
    return "STA: N:M sparse weights, one engine for sparse and dense products";
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
    return {&layer::program_sequencer_kind(),
            &fetch_unit_kind(),
            &matrix_engine_kind(),
            &softmax_kind(),
            &vector_unit_kind(),
            &dram_kind()};
  }
  [[nodiscard]] std::string_view system() const override { return "nm"; }
  [[nodiscard]] std::unique_ptr<DecisionCase> decisions(const Facts& settings,
                                                        std::optional<bool> causal,
                                                        const std::string& where) const override {
    return make_nm_case(settings, causal, where);
  }
};

}  // namespace

const MachineKind& sta_kind() {
  static const StaMachineKind kind;
  return kind;
}

std::unique_ptr<Machine> make_machine(StaConfig config) {
  validate(config);
  return std::make_unique<StaMachine>(std::move(config));
}

}  // namespace hdp
