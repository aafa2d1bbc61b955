// SPDX-License-Identifier: Apache-2.0
#include "machine/token_picker/play.hpp"

#include <utility>

#include "machine/head_fidelity.hpp"
#include "machine/memory_use.hpp"
#include "machine/run_in_pieces.hpp"
#include "machine/token_picker/netlist.hpp"
#include "machine/token_picker/price.hpp"
#include <hdp/base/check.hpp>
#include <hdp/kernel/engine.hpp>
#include <hdp/memory/sram.hpp>

namespace hdp {
namespace {

using token_picker::Netlist;

std::vector<UnitReport> accounts(const Netlist& netlist, std::int64_t cycles) {
  std::vector<UnitReport> reports{netlist.sequencer.report(), netlist.fetcher.report()};
  for (UnitReport& lane : netlist.lanes.reports()) reports.push_back(std::move(lane));
  reports.push_back(netlist.probability.report());
  reports.push_back(netlist.sequencer.scoreboard().report("scoreboard"));
  reports.push_back(netlist.softmax.report());
  reports.push_back(netlist.memory->report());
  check_accounts(reports, cycles);
  return reports;
}

}  // namespace

namespace token_picker {

struct Play::State {
  State(const TokenPickerConfig& machine, std::span<const Trace> traces, PlayOptions play)
      : config(machine),
        sequences(traces),
        options(std::move(play)),
        netlist(config, sequences, options.compares(), options.memory ? options.memory() : nullptr),
        engine(options.idle_cycles) {
    add_units(engine, netlist.units(), options);
    netlist.lanes.charge_operands_to(engine.account(sram_kind().name));
  }

  const TokenPickerConfig& config;
  std::span<const Trace> sequences;
  PlayOptions options;
  Netlist netlist;
  Engine engine;
};

Play::Play(const TokenPickerConfig& config, std::span<const Trace> sequences,
           const PlayOptions& options) {
  validate(config);
  state_ = std::make_unique<State>(config, sequences, options);
}
Play::~Play() = default;

void Play::run_until(Cycle end) {
  const Sequencer& sequencer = state_->netlist.sequencer;
  run_in_pieces(
      state_->engine, end, [&] { return sequencer.finished(); },
      [&] {
        if (state_->options.observer)
          state_->options.observer(std::ssize(sequencer.records()), sequencer.slices());
      });
}

bool Play::done() const { return state_->netlist.sequencer.finished(); }
Cycle Play::now() const { return state_->engine.now(); }

TokenPickerResult Play::result() {
  state_->engine.close_all();
  const TokenPickerConfig& config = state_->config;
  Netlist& netlist = state_->netlist;
  TokenPickerResult result;
  result.config = config;
  result.cycles = state_->engine.now().index;
  result.units = accounts(netlist, result.cycles);
  CriticalPath path = netlist.sequencer.path();
  path.work_until(state_->engine.account(sequencer_kind().name), state_->engine.now());
  result.critical_path = state_->engine.times_of(path);
  result.read_bytes = netlist.fetcher.read_bytes();
  result.written_bytes = netlist.fetcher.written_bytes();
  result.memory = netlist.memory->stats();
  if (const DramUse* use = netlist.memory->dram()) result.dram = *use;
  result.foreign_memory = static_cast<bool>(state_->options.memory);
  result.totals = netlist.sequencer.totals();
  result.totals.tests = netlist.probability.tests();
  result.records = netlist.sequencer.records();
  check_bytes(result.read_bytes, result.written_bytes, result.memory);
  result.energy = price(config, result.totals, result.memory, result.cycles, result.dram);
  const bool fidelity = state_->options.compares();
  const unsigned threads = state_->options.threads;
  for (std::size_t q = 0; q < state_->sequences.size(); ++q) {
    result.decisions.push_back(netlist.sequencer.decider().take(static_cast<std::int64_t>(q),
                                                                threads, state_->options.maps));
    if (config.prune.estimation)
      result.reference.push_back(decide_token_picker(state_->sequences[q], config.prune.settings(),
                                                     std::nullopt, threads, false));
  }
  if (fidelity) add_head_fidelity(result.decisions, result.layers, result.fidelity);
  return result;
}

}  // namespace token_picker

TokenPickerCounts total_of(std::span<const TokenPickerDecisions> sequences) {
  TokenPickerCounts total;
  for (const TokenPickerDecisions& decisions : sequences) total.add(decisions.total);
  return total;
}

TokenPickerResult run_token_picker(const TokenPickerConfig& config,
                                   std::span<const Trace> sequences, const PlayOptions& options) {
  token_picker::Play play(config, sequences, options);
  play.run_until(kNever);
  return play.result();
}

}  // namespace hdp
