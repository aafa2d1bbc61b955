// SPDX-License-Identifier: Apache-2.0
#include "machine/layer/player.hpp"

#include "machine/layer/netlist.hpp"
#include "machine/memory_use.hpp"
#include "machine/run_in_pieces.hpp"
#include <hdp/base/check.hpp>
#include <hdp/kernel/engine.hpp>

namespace hdp::layer {

struct Player::State {
  State(const LayerConfig& config, const MatrixArray& array,
        const std::optional<SoftmaxConfig>& softmax_config, const MemoryConfig& memory,
        std::int64_t clock_mhz, const PlayOptions& options)
      : softmax(softmax_config.has_value()),
        netlist(config, array, softmax_config.value_or(SoftmaxConfig{}), memory, clock_mhz,
                options.memory ? options.memory() : nullptr),
        engine(options.idle_cycles) {
    add_units(engine, netlist.units(), options);
  }

  bool softmax;
  Netlist netlist;
  Engine engine;
};

Player::Player(const LayerConfig& config, const MatrixArray& array,
               const std::optional<SoftmaxConfig>& softmax, const MemoryConfig& memory,
               std::int64_t clock_mhz, const PlayOptions& options)
    : state_(std::make_unique<State>(config, array, softmax, memory, clock_mhz, options)) {}
Player::~Player() = default;

void Player::begin(const Program& program) {
  state_->netlist.sequencer.begin(program, state_->engine.now());
}

void Player::run_until(Cycle end) {
  run_in_pieces(
      state_->engine, end, [&] { return finished(); }, [] {});
}

bool Player::finished() const { return state_->netlist.sequencer.finished(); }
Cycle Player::now() const { return state_->engine.now(); }
std::span<const PhaseRecord> Player::records() const { return state_->netlist.sequencer.records(); }

Played Player::result() {
  Netlist& netlist = state_->netlist;
  state_->engine.close_all();
  Played played;
  played.cycles = now().index;
  for (const Unit* unit : netlist.units())
    if (state_->softmax || unit != &netlist.softmax) played.units.push_back(unit->report());
  check_accounts(played.units, played.cycles);
  CriticalPath path = netlist.sequencer.last_path();
  path.work_until(state_->engine.account(program_sequencer_kind().name), now());
  played.critical_path = state_->engine.times_of(path);
  if (!state_->softmax)
    std::erase_if(played.critical_path,
                  [](const CriticalTime& time) { return time.account == softmax_kind().name; });
  for (const Fetcher* fetcher : {&netlist.weights, &netlist.inputs, &netlist.outputs})
    for (std::size_t t = 0; t < kTensors; ++t) {
      played.read_bytes[t] += fetcher->unit.read_bytes()[t];
      played.written_bytes[t] += fetcher->unit.written_bytes()[t];
    }
  played.memory = netlist.memory->stats();
  if (const DramUse* use = netlist.memory->dram()) played.dram = *use;
  check_bytes(played.read_bytes, played.written_bytes, played.memory);
  return played;
}

}  // namespace hdp::layer
