// SPDX-License-Identifier: Apache-2.0
#include "machine/spatten/play.hpp"

#include <algorithm>
#include <functional>

#include "machine/memory_use.hpp"
#include "machine/run_in_pieces.hpp"
#include "machine/spatten/buffer_room.hpp"
#include "machine/spatten/netlist.hpp"
#include "machine/spatten/price.hpp"
#include "machine/spatten/totals.hpp"
#include <hdp/base/check.hpp>
#include <hdp/base/error.hpp>
#include <hdp/kernel/engine.hpp>
#include <hdp/memory/sram.hpp>

namespace hdp {
namespace {

using spatten::Netlist;

/// A buffer is busy while its array reads it.
UnitReport account_of_buffer(std::string name, const PeArray& array, std::int64_t cycles,
                             const SramTraffic& traffic) {
  const std::int64_t busy = array.phase_cycles()[static_cast<std::size_t>(Phase::Score)].count +
                            array.phase_cycles()[static_cast<std::size_t>(Phase::Value)].count;
  return sram_report(std::move(name), cycles, busy, traffic);
}

std::vector<UnitReport> accounts(const Netlist& netlist, const SpattenTotals& totals,
                                 std::int64_t cycles) {
  std::vector<UnitReport> reports;
  for (const Unit* unit : netlist.datapath()) reports.push_back(unit->report());
  reports.push_back(account_of_buffer("k_buffer", netlist.qk, cycles,
                                      {totals.k_bits_read, totals.k_bits_written}));
  reports.push_back(account_of_buffer("v_buffer", netlist.pv, cycles,
                                      {totals.v_bits_read, totals.v_bits_written}));
  reports.push_back(netlist.memory->report());
  check_accounts(reports, cycles);
  return reports;
}

/// What the passes ask for is what the memory has served.
void check_bytes(const SpattenConfig& config, std::span<const SpattenPass> passes,
                 const SpattenResult& result) {
  const TensorBytes asked = spatten::bytes_of(passes);
  HDP_CHECK(result.read_bytes == asked, "every vector is fetched once");
  check_bytes(result.read_bytes, result.written_bytes, result.memory);
  TensorBytes written = spatten::appended_bytes_of(passes);
  const auto out = static_cast<std::size_t>(Tensor::Out);
  if (config.write_output) written[out] = result.written_bytes[out];
  HDP_CHECK(result.written_bytes == written, "nothing else is written");
}

}  // namespace

namespace spatten {

struct Play::State {
  State(const SpattenConfig& machine, std::span<const SpattenPass> work, const PlayOptions& options)
      : config(machine),
        passes(work),
        observer(options.observer),
        foreign_memory(static_cast<bool>(options.memory)),
        netlist(config, passes, options.memory ? options.memory() : nullptr),
        engine(options.idle_cycles) {
    add_units(engine, netlist.units(), options);
    for (const SpattenPass& pass : passes) heads += std::ssize(pass.heads);
  }

  const SpattenConfig& config;
  std::span<const SpattenPass> passes;
  std::function<void(std::int64_t, std::int64_t)> observer;
  bool foreign_memory;
  std::int64_t heads = 0;
  Netlist netlist;
  Engine engine;
};

Play::Play(const SpattenConfig& config, std::span<const SpattenPass> passes,
           const PlayOptions& options) {
  validate(config);
  if (passes.empty()) throw UserError({.path = config.name, .problem = "no head to play"});
  for (const SpattenPass& pass : passes) check_room(config, pass);
  state_ = std::make_unique<State>(config, passes, options);
}
Play::~Play() = default;

void Play::run_until(Cycle end) {
  const Sequencer& sequencer = state_->netlist.sequencer;
  run_in_pieces(
      state_->engine, end, [&] { return sequencer.finished(); },
      [&] {
        if (state_->observer) state_->observer(sequencer.heads(), state_->heads);
      });
}

bool Play::done() const { return state_->netlist.sequencer.finished(); }
Cycle Play::now() const { return state_->engine.now(); }

SpattenResult Play::result() {
  state_->engine.close_all();
  const SpattenConfig& config = state_->config;
  const Netlist& netlist = state_->netlist;
  SpattenResult result;
  result.config = config;
  result.cycles = state_->engine.now().index;
  result.totals = totals_of(config, state_->passes);
  result.units = accounts(netlist, result.totals, result.cycles);
  CriticalPath path = netlist.sequencer.path();
  path.work_until(state_->engine.account(sequencer_kind().name), state_->engine.now());
  result.critical_path = state_->engine.times_of(path);
  result.read_bytes = netlist.fetcher.read_bytes();
  result.written_bytes = netlist.fetcher.written_bytes();
  result.memory = netlist.memory->stats();
  if (const DramUse* use = netlist.memory->dram()) result.dram = *use;
  result.foreign_memory = state_->foreign_memory;
  result.records = netlist.sequencer.records();
  check_bytes(config, state_->passes, result);
  result.energy = price(config, result.totals, result.memory, result.cycles, result.dram);
  return result;
}

}  // namespace spatten

SpattenResult play_spatten(const SpattenConfig& config, std::span<const SpattenPass> passes,
                           const PlayOptions& options) {
  spatten::Play play(config, passes, options);
  play.run_until(kNever);
  return play.result();
}

}  // namespace hdp
