// SPDX-License-Identifier: Apache-2.0
#include "machine/leopard/play.hpp"

#include <utility>

#include "machine/head_fidelity.hpp"
#include "machine/leopard/netlist.hpp"
#include "machine/leopard/price.hpp"
#include "machine/memory_use.hpp"
#include "machine/run_in_pieces.hpp"
#include <hdp/base/check.hpp>
#include <hdp/kernel/engine.hpp>

namespace hdp {
namespace {

using leopard::Netlist;

std::vector<UnitReport> accounts(const Netlist& netlist, std::int64_t cycles) {
  std::vector<UnitReport> reports{netlist.sequencer.report(), netlist.fetcher.report()};
  for (UnitReport& unit : netlist.front.reports()) reports.push_back(std::move(unit));
  reports.push_back(netlist.back.report());
  reports.push_back(netlist.memory->report());
  check_accounts(reports, cycles);
  return reports;
}

/// What was decided is what was moved, and what was played.
void check_sums(const LeopardResult& result) {
  check_bytes(result.read_bytes, result.written_bytes, result.memory);
  const LeopardCounts counts = total_of(result.decisions);
  HDP_CHECK(result.totals.pairs == counts.pairs, "every pair is met once");
  HDP_CHECK(result.totals.survivors == counts.survivors, "every survivor is weighed once");
}

}  // namespace

namespace leopard {

struct Play::State {
  State(const LeopardConfig& machine, std::span<const Trace> traces, PlayOptions play)
      : config(machine),
        sequences(traces),
        options(std::move(play)),
        netlist(config, sequences, options, options.memory ? options.memory() : nullptr),
        engine(options.idle_cycles) {
    add_units(engine, netlist.units(), options);
  }

  const LeopardConfig& config;
  std::span<const Trace> sequences;
  PlayOptions options;
  Netlist netlist;
  Engine engine;
};

Play::Play(const LeopardConfig& config, std::span<const Trace> sequences,
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
          state_->options.observer(std::ssize(sequencer.records()), sequencer.groups());
      });
}

bool Play::done() const { return state_->netlist.sequencer.finished(); }
Cycle Play::now() const { return state_->engine.now(); }

LeopardResult Play::result() {
  state_->engine.close_all();
  const LeopardConfig& config = state_->config;
  Netlist& netlist = state_->netlist;
  LeopardResult result;
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
  result.records = netlist.sequencer.records();
  for (std::size_t q = 0; q < state_->sequences.size(); ++q)
    result.decisions.push_back(
        netlist.sequencer.decider().take(static_cast<std::int64_t>(q), state_->options.maps));
  check_sums(result);
  result.energy = price(config, result.totals, result.memory, result.cycles, result.dram);
  if (state_->options.compares())
    add_head_fidelity(result.decisions, result.layers, result.fidelity);
  return result;
}

}  // namespace leopard

LeopardCounts total_of(std::span<const LeopardDecisions> sequences) {
  LeopardCounts total;
  for (const LeopardDecisions& decisions : sequences) total.add(decisions.total);
  return total;
}

LeopardResult run_leopard(const LeopardConfig& config, std::span<const Trace> sequences,
                          const PlayOptions& options) {
  leopard::Play play(config, sequences, options);
  play.run_until(kNever);
  return play.result();
}

}  // namespace hdp
