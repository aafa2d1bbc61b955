// SPDX-License-Identifier: Apache-2.0
#include "machine/sta/play.hpp"

#include <utility>

#include "machine/layer/player.hpp"
#include "machine/sta/lowering.hpp"
#include "machine/sta/price.hpp"
#include <hdp/base/check.hpp>
#include <hdp/machine/head_map.hpp>

namespace hdp::sta {
namespace {

/// The output error, layer by layer and in all; nothing is pruned.
void add_fidelity(const Trace& trace, std::int64_t bits, unsigned threads, StaResult& result) {
  const auto layers = attend_in_codes(trace, bits, threads);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    if (l == result.layers.size()) result.layers.emplace_back();
    for (const CodeAttentionHead& head : layers[l]) {
      result.layers[l].add({head.error, 1, 1});
      result.counts.add(head.counts);
    }
  }
}

}  // namespace

struct Play::State {
  State(const StaConfig& machine, std::span<const Trace> traces, PlayOptions play)
      : config(machine),
        sequences(traces),
        options(std::move(play)),
        layout(config, sequences),
        rounds(rounds_of(sequences)),
        player(config.layer, matrix_array(config), config.softmax, config.memory, config.clock_mhz,
               options) {
    // A workload that the machine cannot hold is refused before it starts.
    for (std::int64_t number = 0; number < rounds; ++number) {
      StaTotals nothing;
      const Round checked = round_of(config, sequences, number);
      (void)Lowering(config, layout, checked, nothing).lower();
    }
  }

  void start() {
    round = round_of(config, sequences, next);
    program = Lowering(config, layout, round, totals).lower();
    player.begin(program);
    under_way = true;
  }
  void end() {
    for (std::size_t g = 0; g < round.size(); ++g) {
      const Group& group = round[g];
      StaRecord record{group.sequence, group.problem, group.layer, group.first_head};
      const auto phase = [&](RecordedPhase which) -> PhaseRecord& {
        return record.phases[static_cast<std::size_t>(which)];
      };
      phase(RecordedPhase::Score) = player.records()[3 * g];
      phase(RecordedPhase::Softmax) = player.records()[3 * g + 1];
      phase(RecordedPhase::Value) = player.records()[3 * g + 2];
      records.push_back(record);
      for (std::int64_t h = 0; h < group.heads; ++h)
        if (HeadMap* const map =
                find_map(options.maps, group.sequence, group.layer, group.first_head + h))
          map->keep_all();
    }
    under_way = false;
    ++next;
    if (options.observer) options.observer(next, rounds);
  }

  const StaConfig& config;
  std::span<const Trace> sequences;
  PlayOptions options;
  Layout layout;
  std::int64_t rounds, next = 0;
  layer::Player player;
  Round round;
  layer::Program program;
  StaTotals totals;
  std::vector<StaRecord> records;
  bool under_way = false;
};

Play::Play(const StaConfig& config, std::span<const Trace> sequences, const PlayOptions& options) {
  validate(config);
  state_ = std::make_unique<State>(config, sequences, options);
}
Play::~Play() = default;

void Play::run_until(Cycle end) {
  while (!done() && now() < end) {
    if (!state_->under_way) state_->start();
    state_->player.run_until(end);
    if (state_->player.finished()) state_->end();
  }
}

bool Play::done() const { return state_->next == state_->rounds; }
Cycle Play::now() const { return state_->player.now(); }

StaResult Play::result() {
  layer::Played played = state_->player.result();
  StaResult result;
  result.config = state_->config;
  result.cycles = played.cycles;
  result.units = std::move(played.units);
  result.critical_path = std::move(played.critical_path);
  result.read_bytes = played.read_bytes;
  result.written_bytes = played.written_bytes;
  result.memory = played.memory;
  result.dram = std::move(played.dram);
  result.foreign_memory = static_cast<bool>(state_->options.memory);
  result.totals = state_->totals;
  HDP_CHECK(result.read_bytes == result.totals.read_bytes, "bytes read are those of the schedule");
  HDP_CHECK(result.written_bytes == result.totals.written_bytes,
            "bytes written are those of the schedule");
  result.energy = price(result.config, result.totals, result.memory, result.cycles, result.dram);
  result.records = std::move(state_->records);
  if (!state_->options.compares()) return result;
  for (const Trace& trace : state_->sequences)
    add_fidelity(trace, result.config.layer.activation_bits, state_->options.threads, result);
  for (const Fidelity& layer : result.layers) result.fidelity.add(layer);
  return result;
}

}  // namespace hdp::sta

namespace hdp {

StaResult run_sta(const StaConfig& config, std::span<const Trace> sequences,
                  const PlayOptions& options) {
  sta::Play play(config, sequences, options);
  play.run_until(kNever);
  return play.result();
}

}  // namespace hdp
