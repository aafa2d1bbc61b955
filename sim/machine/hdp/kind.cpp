// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <utility>

#include "machine/control.hpp"
#include "machine/hdp/ablation.hpp"
#include "machine/hdp/decisions.hpp"
#include "machine/hdp/play.hpp"
#include "machine/hdp/run_result.hpp"
#include <hdp/machine/configured.hpp>
#include <hdp/machine/hdp/kind.hpp>
#include <hdp/memory/sram.hpp>

namespace hdp {
namespace {

class HdpSession final : public Session {
 public:
  HdpSession(const HdpConfig& config, const Workload& workload, const PlayOptions& options)
      : stage_(workload.stage()), play_(config, workload.sequences(), options) {}
  void run_until(Cycle end) override { play_.run_until(end); }
  [[nodiscard]] bool done() const override { return play_.done(); }
  [[nodiscard]] Cycle now() const override { return play_.now(); }

 private:
  RunResult take_result() override {
    const HdpResult& played = play_.result();
    RunResult result = run_result(played);
    result.alive = alive_of(played, stage_);
    return result;
  }
  Stage stage_;
  HdpPlay play_;
};

class HdpMachine final : public ConfiguredMachine<HdpConfig> {
 public:
  using ConfiguredMachine::ConfiguredMachine;
  [[nodiscard]] const MachineKind& kind() const override { return hdp_kind(); }
  [[nodiscard]] std::int64_t clock_mhz() const override { return config().clock_mhz; }
  [[nodiscard]] Resources resources() const override { return resources_of(config()); }
  /// The PEs of all cores side by side: a product of codes takes one a cycle in any precision.
  [[nodiscard]] std::optional<LayerEngine> layer_engine() const override {
    const PeArrayConfig& array = config().core.pe_array;
    return LayerEngine{.config = config().layer,
                       .array = {.rows = array.rows,
                                 .columns = config().cores * array.columns,
                                 .latency_cycles = array.pipeline().count},
                       .units = {pe_array_kind().name},
                       .memory = config().memory,
                       .energy = config().energy,
                       .clock_mhz = config().clock_mhz};
  }

 private:
  [[nodiscard]] Job unpruned_job(const Workload& workload) const override {
    return {std::make_shared<HdpMachine>(without_pruning(config())), workload};
  }
  [[nodiscard]] std::vector<Variant> variants(const Workload& workload) const override {
    std::vector<Variant> all;
    for (HdpStep& step : ablation_steps(config()))
      all.push_back({std::move(step.label),
                     {std::make_shared<HdpMachine>(std::move(step.config)), workload},
                     std::move(step.remark)});
    return all;
  }

  [[nodiscard]] std::unique_ptr<Session> open(const Workload& workload,
                                              const PlayOptions& options) const override {
    return std::make_unique<HdpSession>(config(), workload, options);
  }
};

class HdpMachineKind final : public ConfiguredKind<HdpConfig, HdpMachine> {
 public:
  [[nodiscard]] std::string_view name() const override { return name_of(HdpKind::Hdp); }
  [[nodiscard]] std::string_view title() const override {
    return "HDP co-processor: block and head pruning by integer parts";
  }
  [[nodiscard]] Abilities can() const override {
    return {.trace = true,
            .batch = true,
            .rows = false,
            .layers = true,
            .fidelity = true,
            .causes = true,
            .timeline = true,
            .maps = true,
            .foreign_memory = true};
  }
  [[nodiscard]] std::vector<const UnitKind*> units() const override {
    return {&pe_array_kind(), &sparsity_engine_kind(),  &softmax_kind(), &fetch_unit_kind(),
            &sram_kind(),     &sequencer_kind(),        &dram_kind(),    &top_k_engine_kind(),
            &core_kind(),     &strip_probability_kind()};
  }
  [[nodiscard]] std::string_view system() const override { return name(); }
  [[nodiscard]] std::unique_ptr<DecisionCase> decisions(const Facts& settings,
                                                        std::optional<bool> causal,
                                                        const std::string& where) const override {
    return make_hdp_case(settings, causal, where);
  }
};

}  // namespace

const MachineKind& hdp_kind() {
  static const HdpMachineKind kind;
  return kind;
}

std::unique_ptr<Machine> make_machine(HdpConfig config) {
  validate(config);
  return std::make_unique<HdpMachine>(std::move(config));
}

HdpConfig resolve_hdp(const Catalog& catalog, const std::string& name_or_path,
                      const std::vector<std::string>& changes) {
  return read_machine<HdpConfig>(catalog, read_machine_file(catalog, name_or_path), changes);
}

}  // namespace hdp
