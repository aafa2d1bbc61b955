// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "machine/control.hpp"
#include "machine/hdp/core.hpp"
#include "machine/memory_use.hpp"
#include "machine/run_in_pieces.hpp"
#include <hdp/base/check.hpp>
#include <hdp/machine/hdp/attention_machine.hpp>
#include <hdp/memory/sram.hpp>

namespace hdp {
namespace {

std::vector<TransferPort*> ports_of(const std::vector<std::unique_ptr<Core>>& cores) {
  std::vector<TransferPort*> ports;
  for (const auto& core : cores) ports.push_back(&core->memory);
  return ports;
}

std::vector<std::unique_ptr<Core>> make_cores(const HdpConfig& config) {
  std::vector<std::unique_ptr<Core>> cores;
  for (std::int64_t c = 0; c < config.cores; ++c)
    cores.push_back(
        std::make_unique<Core>(fmt::format("core{}", c), config.core, config.estimates()));
  return cores;
}

std::vector<Dispatcher::Port> ports_to_dispatch(const std::vector<std::unique_ptr<Core>>& cores) {
  std::vector<Dispatcher::Port> ports;
  for (const auto& core : cores) ports.push_back({&core->free, &core->slices});
  return ports;
}

TensorBytes total(const std::vector<std::unique_ptr<Core>>& cores,
                  const TensorBytes& (FetchUnit::*bytes)() const) {
  TensorBytes sum{};
  for (const auto& core : cores)
    std::ranges::transform(sum, (core->fetch_unit.*bytes)(), sum.begin(), std::plus<>());
  return sum;
}

/// An SRAM is busy while its ports serve the array or the engine. A machine without pruning has no
/// masks.
void add_srams(const Core& core, const HdpConfig& config, std::int64_t total,
               std::vector<UnitReport>& reports) {
  const BufferTraffic& traffic = core.sequencer.totals().traffic;
  for (std::size_t buffer = 0; buffer < kBuffers; ++buffer) {
    if (!has_buffer(config, static_cast<Buffer>(buffer))) continue;
    const std::int64_t bits = sram_of(config.core, static_cast<Buffer>(buffer)).word_bits;
    reports.push_back(
        sram_report(fmt::format("{}.{}", core.name(), EnumNames<Buffer>::kNames[buffer]), total,
                    traffic.port_cycles[buffer],
                    {.bits_read = bits * traffic.read[buffer],
                     .bits_written = bits * traffic.written[buffer]}));
  }
}

/// A core works while its sequencer has a head.
UnitReport report_of_core(const Core& core) {
  UnitReport report = core.sequencer.report();
  report.instance = core.name();
  report.kind = core_kind().name;
  return report;
}

/// The top-k engine that all cores share; jobs are given by hand, between problems.
struct Ranking {
  Channel<StreamJob> jobs{2};
  Channel<StreamDone> done{2};
  StreamUnit top_k{"top_k", "top_k", jobs, done, top_k_engine_kind()};
};

}  // namespace

struct AttentionMachine::State {
  State(HdpConfig machine, IdleCycles idle_cycles,
        std::unique_ptr<MemorySimulator> foreign = nullptr)
      : config(std::move(machine)),
        engine(idle_cycles),
        cores(make_cores(config)),
        dispatcher("dispatcher", ports_to_dispatch(cores)),
        memory(make_memory(config.memory, config.clock_mhz, ports_of(cores), std::move(foreign))),
        queues(cores.size()) {
    if (config.cascades()) ranking = std::make_unique<Ranking>();
    for (Component* component : components()) engine.add(*component);
    const std::size_t sram = engine.account(sram_kind().name);
    for (const auto& core : cores) core->pe_array.charge_operands_to(sram);
  }

  /// In the order of ticks.
  [[nodiscard]] std::vector<Component*> components() {
    std::vector<Component*> all;
    for (const auto& core : cores) std::ranges::copy(core->units(), std::back_inserter(all));
    all.push_back(&dispatcher);
    all.push_back(memory.get());
    if (ranking) all.push_back(&ranking->top_k);
    return all;
  }

  /// The run goes on behind what ended last.
  void follow(const Unit& unit) {
    if (unit.path().end() > path.end()) path = unit.path();
  }

  const HdpConfig config;
  Engine engine;
  CriticalPath path;  ///< Of the work so far.
  std::vector<std::unique_ptr<Core>> cores;
  Dispatcher dispatcher;
  std::unique_ptr<Memory> memory;
  std::unique_ptr<Ranking> ranking;  ///< Where tokens or heads are ranked between layers.
  std::vector<std::vector<std::size_t>> queues;
  std::int64_t slices = 0;          ///< Of the last problem,
  std::size_t heads = 0;            ///< its heads,
  std::vector<HeadRecord> records;  ///< and their phases.
};

AttentionMachine::AttentionMachine(const HdpConfig& config, IdleCycles idle_cycles)
    : state_(std::make_unique<State>(config, idle_cycles)) {}
AttentionMachine::AttentionMachine(const HdpConfig& config, IdleCycles idle_cycles,
                                   std::unique_ptr<MemorySimulator> memory)
    : state_(std::make_unique<State>(config, idle_cycles, std::move(memory))) {}
AttentionMachine::AttentionMachine(AttentionMachine&&) noexcept = default;
AttentionMachine& AttentionMachine::operator=(AttentionMachine&&) noexcept = default;
AttentionMachine::~AttentionMachine() = default;

std::span<const HeadRecord> AttentionMachine::play(std::span<const SliceWork> slices) {
  start(slices);
  advance(kNoLimit);
  return records();
}

void AttentionMachine::start(std::span<const SliceWork> slices) {
  auto& cores = state_->cores;
  const HdpConfig& config = state_->config;
  const bool round_robin = config.scheduling.assignment == Assignment::RoundRobin;
  // Every context has its first slice from the start; the others wait for a free one.
  const std::size_t given =
      round_robin
          ? slices.size()
          : std::min(slices.size(), cores.size() * static_cast<std::size_t>(config.core.contexts));
  for (auto& queue : state_->queues) queue.clear();
  for (std::size_t s = 0; s < given; ++s) state_->queues[s % cores.size()].push_back(s);
  state_->dispatcher.assign(given, slices.size());
  for (std::size_t c = 0; c < cores.size(); ++c) {
    cores[c]->sequencer.hang_on(state_->path);
    cores[c]->sequencer.assign(slices, state_->queues[c], given != slices.size());
  }
  state_->slices = std::ssize(slices);
  state_->heads = 0;
  for (const SliceWork& slice : slices) state_->heads += slice.heads.size();
}

bool AttentionMachine::advance(Cycle end) {
  Engine& engine = state_->engine;
  const auto finished = [&] {
    std::int64_t ended = 0;
    for (const auto& core : state_->cores) ended += core->sequencer.slices_ended();
    return ended == state_->slices;
  };
  engine.run_until(kNoLimit, [&] { return finished() || engine.now() >= end; });
  if (!finished()) return false;
  for (const auto& core : state_->cores) state_->follow(core->sequencer);
  return true;
}

std::span<const HeadRecord> AttentionMachine::records() {
  std::vector<HeadRecord>& records = state_->records;
  records.clear();
  records.reserve(state_->heads);
  for (const auto& core : state_->cores)
    records.insert(records.end(), core->sequencer.records().begin(),
                   core->sequencer.records().end());
  HDP_CHECK(records.size() == state_->heads, "every head is played once");
  std::ranges::sort(records, {}, [](const HeadRecord& record) {
    return std::pair{record.sequence, record.head};
  });
  return records;
}

void AttentionMachine::rank(std::span<const std::int64_t> cycles) {
  HDP_CHECK(state_->ranking != nullptr, "a machine without a cascade ranks nothing");
  Ranking& ranking = *state_->ranking;
  for (const std::int64_t job : cycles) {
    ranking.top_k.hang_on(state_->path);
    ranking.jobs.push(state_->engine.now(), {{}, job});
    state_->engine.run_until(kNoLimit, [&] { return ranking.done.can_pop(state_->engine.now()); });
    ranking.done.pop(state_->engine.now());
    state_->follow(ranking.top_k);
  }
}

Cycles AttentionMachine::cycles() const { return state_->engine.now() - Cycle{0}; }

void AttentionMachine::set_timeline(TimelineSink* sink) {
  for (Component* part : state_->components()) part->set_timeline(sink);
}

void AttentionMachine::set_tick_order(std::span<const std::size_t> order) {
  state_->engine.set_order(order);
}

std::size_t AttentionMachine::unit_count() const { return state_->components().size(); }

TensorBytes AttentionMachine::read_bytes() const {
  return total(state_->cores, &FetchUnit::read_bytes);
}

TensorBytes AttentionMachine::written_bytes() const {
  return total(state_->cores, &FetchUnit::written_bytes);
}

const MemoryStats& AttentionMachine::memory_stats() const { return state_->memory->stats(); }

const DramUse* AttentionMachine::dram() const { return state_->memory->dram(); }

std::vector<WorkTotals> AttentionMachine::totals() const {
  std::vector<WorkTotals> all;
  for (const auto& core : state_->cores) all.push_back(core->sequencer.totals());
  return all;
}

std::vector<CriticalTime> AttentionMachine::critical_path() const {
  CriticalPath path = state_->path;
  path.work_until(state_->engine.account(sequencer_kind().name), state_->engine.now());
  return state_->engine.times_of(path);
}

std::vector<UnitReport> AttentionMachine::units() {
  state_->engine.close_all();
  std::vector<UnitReport> reports;
  for (const auto& core : state_->cores) {
    for (const Unit* unit : core->datapath()) reports.push_back(unit->report());
    add_srams(*core, state_->config, cycles().count, reports);
    reports.push_back(core->sequencer.report());
    reports.push_back(report_of_core(*core));
  }
  reports.push_back(state_->memory->report());
  if (const auto& ranking = state_->ranking) reports.push_back(ranking->top_k.report());
  check_accounts(reports, cycles().count);
  check_bytes(read_bytes(), written_bytes(), memory_stats());
  return reports;
}

}  // namespace hdp
