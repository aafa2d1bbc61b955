// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <utility>

#include "machine/control.hpp"
#include "machine/token_picker/decisions.hpp"
#include "machine/token_picker/play.hpp"
#include "machine/token_picker/run_result.hpp"
#include <hdp/machine/configured.hpp>
#include <hdp/machine/token_picker/kind.hpp>
#include <hdp/units/lane_array.hpp>
#include <hdp/units/priority_fetch_unit.hpp>
#include <hdp/units/probability_unit.hpp>
#include <hdp/units/scoreboard.hpp>
#include <hdp/units/stream_unit.hpp>

namespace hdp {
namespace {

class TokenPickerSession final : public Session {
 public:
  TokenPickerSession(const TokenPickerConfig& config, const Workload& workload,
                     const PlayOptions& options)
      : sequences_(workload.sequences().begin(), workload.sequences().end()),
        play_(config, sequences_, options) {}
  void run_until(Cycle end) override { play_.run_until(end); }
  [[nodiscard]] bool done() const override { return play_.done(); }
  [[nodiscard]] Cycle now() const override { return play_.now(); }

 private:
  RunResult take_result() override {
    return run_result(play_.result(), sequences_.front().stage());
  }

  std::vector<Trace> sequences_;
  token_picker::Play play_;
};

class TokenPickerMachine final : public ConfiguredMachine<TokenPickerConfig> {
 public:
  using ConfiguredMachine::ConfiguredMachine;
  [[nodiscard]] const MachineKind& kind() const override { return token_picker_kind(); }
  [[nodiscard]] std::int64_t clock_mhz() const override { return config().clock_mhz; }
  [[nodiscard]] Resources resources() const override { return resources_of(config()); }
  /// A row of the input with as many columns as there are lanes; a weight comes in pieces, as K.
  [[nodiscard]] std::optional<LayerEngine> layer_engine() const override {
    const LaneConfig& lane = config().lane;
    return LayerEngine{
        .config = config().layer,
        .array = {.rows = 1,
                  .columns = lane.lanes,
                  .depth = lane.dimensions,
                  .cycles_per_product = ceil_div(config().layer.weight_bits, lane.key_bits),
                  .latency_cycles = lane.latency_cycles},
        .units = {lane_kind().name},
        .memory = config().memory,
        .energy = config().energy,
        .clock_mhz = config().clock_mhz};
  }

 private:
  [[nodiscard]] Job unpruned_job(const Workload& workload) const override {
    return {std::make_shared<TokenPickerMachine>(without_pruning(config())), workload};
  }
  [[nodiscard]] std::vector<Variant> variants(const Workload& workload) const override {
    const TokenPickerPruning& given = config().prune;
    TokenPickerConfig step = without_pruning(config());
    std::vector<Variant> all;
    const auto add = [&](std::string label, bool is_on, std::string remark) {
      all.push_back({std::move(label),
                     {std::make_shared<TokenPickerMachine>(step), workload},
                     is_on ? std::string() : std::move(remark)});
    };
    add("dense", true, {});
    step.prune.estimation = true;
    add("+ estimation", given.estimation, "prune.estimation=true");
    step.prune.issue = IssueOrder::OutOfOrder;
    add("+ out of order", given.issue == IssueOrder::OutOfOrder, "prune.issue=out_of_order");
    step.prune.value_pruning = true;
    add("+ V pruning", given.value_pruning, "prune.value_pruning=true");
    const bool chunked = given.chunk_bits.size() > 1;
    step.prune.chunk_bits = chunked ? given.chunk_bits : TokenPickerPruning{}.chunk_bits;
    add("+ chunking", chunked, "prune.chunk_bits=[4,4,4]");
    return all;
  }

  [[nodiscard]] std::unique_ptr<Session> open(const Workload& workload,
                                              const PlayOptions& options) const override {
    return std::make_unique<TokenPickerSession>(config(), workload, options);
  }
};

class TokenPickerMachineKind final : public ConfiguredKind<TokenPickerConfig, TokenPickerMachine> {
 public:
  [[nodiscard]] std::string_view name() const override {
    return name_of(TokenPickerKind::TokenPicker);
  }
  [[nodiscard]] std::string_view title() const override {
    return "Token-Picker: probability estimation before softmax, keys chunk by chunk";
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
    return {&sequencer_kind(),  &priority_fetch_unit_kind(),
            &lane_kind(),       &probability_unit_kind(),
            &scoreboard_kind(), &softmax_kind(),
            &dram_kind()};
  }
  [[nodiscard]] std::string_view system() const override { return "tokenpicker"; }
  [[nodiscard]] std::unique_ptr<DecisionCase> decisions(const Facts& settings,
                                                        std::optional<bool> causal,
                                                        const std::string& where) const override {
    return make_token_picker_case(settings, causal, where);
  }
};

}  // namespace

const MachineKind& token_picker_kind() {
  static const TokenPickerMachineKind kind;
  return kind;
}

std::unique_ptr<Machine> make_machine(TokenPickerConfig config) {
  validate(config);
  return std::make_unique<TokenPickerMachine>(std::move(config));
}

}  // namespace hdp
