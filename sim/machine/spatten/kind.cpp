// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <utility>

#include "machine/control.hpp"
#include "machine/spatten/ablation.hpp"
#include "machine/spatten/decisions.hpp"
#include "machine/spatten/play.hpp"
#include "machine/spatten/run_result.hpp"
#include <hdp/machine/configured.hpp>
#include <hdp/machine/spatten/kind.hpp>
#include <hdp/memory/sram.hpp>
#include <hdp/units/pe_array.hpp>
#include <hdp/units/stream_unit.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kDotProduct = 64;  ///< Elements that an adder tree sums for a layer; ours.

/// The passes of a workload, decided on or read.
std::shared_ptr<const SpattenPlan> plan_of(const SpattenConfig& config, const Workload& workload,
                                           const PlayOptions& options) {
  if (workload.rows() == nullptr) return plan_spatten(config, workload.sequences(), options);
  const SpattenWorkload& rows = *workload.rows();
  validate(config);
  return std::make_shared<const SpattenPlan>(
      SpattenPlan{.passes = passes_of(config, rows.format, rows.rows, rows.name)});
}

class SpattenSession final : public Session {
 public:
  SpattenSession(const SpattenConfig& config, const Workload& workload, const PlayOptions& options)
      : stage_(workload.stage()),
        has_decisions_(workload.rows() == nullptr),
        fidelity_(options.compares()),
        plan_(plan_of(config, workload, options)),
        play_(config, plan_->passes, options) {
    if (has_decisions_ && options.splits_error())
      causes_ = causes_before_pruning(config, workload.sequences(), options.threads);
  }
  void run_until(Cycle end) override { play_.run_until(end); }
  [[nodiscard]] bool done() const override { return play_.done(); }
  [[nodiscard]] Cycle now() const override { return play_.now(); }

 private:
  RunResult take_result() override {
    SpattenResult result = play_.result();
    if (has_decisions_) add_decisions(*plan_, fidelity_, result);
    add_causes(causes_, result);
    return run_result(result, stage_);
  }

  Stage stage_;
  bool has_decisions_, fidelity_;
  std::shared_ptr<const SpattenPlan> plan_;
  std::vector<SpattenCause> causes_;
  spatten::Play play_;
};

class SpattenMachine final : public ConfiguredMachine<SpattenConfig> {
 public:
  using ConfiguredMachine::ConfiguredMachine;
  [[nodiscard]] const MachineKind& kind() const override { return spatten_kind(); }
  [[nodiscard]] std::int64_t clock_mhz() const override { return config().clock_mhz; }
  [[nodiscard]] Resources resources() const override { return resources_of(config()); }
  /// Dot products of 64 elements on both arrays: a row of the input with as many columns at a time.
  [[nodiscard]] std::optional<LayerEngine> layer_engine() const override {
    const std::int64_t depth = std::min<std::int64_t>(kDotProduct, config().multipliers);
    return LayerEngine{.config = config().layer,
                       .array = {.rows = 1,
                                 .columns = 2 * (config().multipliers / depth),
                                 .depth = depth,
                                 .latency_cycles = config().qk_latency_cycles},
                       .units = {multiplier_array_kind().name},
                       .memory = config().memory,
                       .energy = config().energy,
                       .clock_mhz = config().clock_mhz};
  }

 private:
  /// Rows bring their decisions: what is undone there is theirs.
  [[nodiscard]] Job unpruned_job(const Workload& workload) const override {
    if (const SpattenWorkload* rows = workload.rows())
      return {std::make_shared<SpattenMachine>(config()),
              Workload(with_rows(*rows, hdp::unpruned(rows->rows)))};
    return {std::make_shared<SpattenMachine>(without_pruning(config())), workload};
  }
  [[nodiscard]] std::vector<Variant> variants(const Workload& workload) const override {
    std::vector<Variant> all;
    const auto add = [&](auto& step, Workload played, std::string remark) {
      all.push_back({std::move(step.label),
                     {std::make_shared<SpattenMachine>(std::move(step.config)), std::move(played)},
                     std::move(remark)});
    };
    if (const SpattenWorkload* rows = workload.rows()) {
      for (SpattenRowsStep& step : ablation_steps(config(), *rows))
        add(step, Workload(std::move(step.rows)), {});
    } else {
      for (SpattenStep& step : ablation_steps(config(), workload.stage()))
        add(step, workload, step.remark);
    }
    return all;
  }

  [[nodiscard]] std::unique_ptr<Session> open(const Workload& workload,
                                              const PlayOptions& options) const override {
    return std::make_unique<SpattenSession>(config(), workload, options);
  }
};

class SpattenMachineKind final : public ConfiguredKind<SpattenConfig, SpattenMachine> {
 public:
  [[nodiscard]] std::string_view name() const override { return name_of(SpattenKind::Spatten); }
  [[nodiscard]] std::string_view title() const override {
    return "SpAtten: cascade token and head pruning, progressive quantisation";
  }
  [[nodiscard]] Abilities can() const override {
    return {.trace = true,
            .batch = true,
            .rows = true,
            .prefill_rows = true,
            .layers = true,
            .fidelity = true,
            .causes = true,
            .timeline = true,
            .maps = true,
            .foreign_memory = true};
  }
  [[nodiscard]] std::vector<const UnitKind*> units() const override {
    return {&sequencer_kind(),
            &fetch_unit_kind(),
            &bit_width_converter_kind(),
            &multiplier_array_kind(),
            &row_softmax_kind(),
            &top_k_engine_kind(),
            &sram_kind(),
            &dram_kind()};
  }
  [[nodiscard]] std::string_view system() const override { return name(); }
  [[nodiscard]] std::unique_ptr<DecisionCase> decisions(const Facts& settings,
                                                        std::optional<bool> causal,
                                                        const std::string& where) const override {
    return make_spatten_case(settings, causal, where);
  }
};

}  // namespace

const MachineKind& spatten_kind() {
  static const SpattenMachineKind kind;
  return kind;
}

std::unique_ptr<Machine> make_machine(SpattenConfig config) {
  validate(config);
  return std::make_unique<SpattenMachine>(std::move(config));
}

SpattenConfig resolve_spatten(const Catalog& catalog, const std::string& name_or_path,
                              const std::vector<std::string>& changes) {
  return read_machine<SpattenConfig>(catalog, read_machine_file(catalog, name_or_path), changes);
}

}  // namespace hdp
