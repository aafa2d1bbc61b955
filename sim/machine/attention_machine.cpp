// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "machine/core.hpp"
#include "machine/unit_account.hpp"
#include <hdp/base/check.hpp>
#include <hdp/machine/attention_machine.hpp>
#include <hdp/memory/memory_adapter.hpp>

namespace hdp {
namespace {

constexpr Cycle kLimit{std::int64_t{1} << 60};  // no run gets here

std::vector<TransferPort*> ports_of(const std::vector<std::unique_ptr<Core>>& cores) {
  std::vector<TransferPort*> ports;
  for (const auto& core : cores) ports.push_back(&core->memory);
  return ports;
}

std::vector<std::unique_ptr<Core>> make_cores(const HdpConfig& config) {
  std::vector<std::unique_ptr<Core>> cores;
  for (std::int64_t c = 0; c < config.cores; ++c)
    cores.push_back(std::make_unique<Core>(fmt::format("core{}", c), config.core));
  return cores;
}

TensorBytes total(const std::vector<std::unique_ptr<Core>>& cores,
                  const TensorBytes& (FetchUnit::*bytes)() const) {
  TensorBytes sum{};
  for (const auto& core : cores)
    std::ranges::transform(sum, (core->fetch_unit.*bytes)(), sum.begin(), std::plus<>());
  return sum;
}

/// An SRAM is in use while the PE array works on a phase that reads it.
void add_srams(const Core& core, std::int64_t total, std::vector<UnitReport>& reports) {
  constexpr std::array<std::array<bool, kPhases>, kBuffers> kUses{{
      {true, true, true, false},    // q_sram: integer, fraction, score, value
      {true, true, true, false},    // k_sram
      {false, false, false, true},  // v_sram
      {true, true, true, true},     // score_sram: scores, then probabilities
      {false, true, false, false},  // mask_sram
  }};
  for (std::size_t buffer = 0; buffer < kBuffers; ++buffer) {
    UnitReport& report = reports.emplace_back();
    report.instance = fmt::format("{}.{}", core.name(), EnumNames<Buffer>::kNames[buffer]);
    report.kind = "sram";
    report.total = total;
    for (std::size_t phase = 0; phase < kPhases; ++phase)
      if (kUses[buffer][phase]) report.busy += core.pe_array.phase_cycles()[phase].count;
    report.idle = total - report.busy;
    const BufferTraffic& traffic = core.sequencer.totals().traffic;
    report.counters = {{"bits_read", traffic.read[buffer]},
                       {"bits_written", traffic.written[buffer]}};
  }
}

/// The top-k engine that all cores share; jobs are given by hand, between problems.
struct Ranking {
  Channel<StreamJob> jobs{2};
  Channel<StreamDone> done{2};
  StreamUnit top_k{"top_k", "top_k", jobs, done};
};

}  // namespace

struct AttentionMachine::State {
  State(const HdpConfig& config, IdleCycles idle_cycles,
        std::unique_ptr<MemorySimulator> foreign = nullptr)
      : engine(idle_cycles),
        cores(make_cores(config)),
        memory(foreign ? std::make_unique<MemoryAdapter>("memory", std::move(foreign),
                                                         config.clock_mhz, ports_of(cores))
                       : make_memory(config.memory, config.clock_mhz, ports_of(cores))),
        queues(cores.size()) {
    for (const auto& core : cores) core->add_to(engine);
    engine.add(*memory);
    if (!config.cascades()) return;
    ranking = std::make_unique<Ranking>();
    engine.add(ranking->top_k);
  }

  Engine engine;
  std::vector<std::unique_ptr<Core>> cores;
  std::unique_ptr<Memory> memory;
  std::unique_ptr<Ranking> ranking;  ///< Where tokens or heads are ranked between layers.
  std::vector<std::vector<const HeadWork*>> queues;
  std::vector<HeadRecord> records;  ///< Of the last problem.
};

AttentionMachine::AttentionMachine(const HdpConfig& config, IdleCycles idle_cycles)
    : state_(std::make_unique<State>(config, idle_cycles)) {}
AttentionMachine::AttentionMachine(const HdpConfig& config, IdleCycles idle_cycles,
                                   std::unique_ptr<MemorySimulator> memory)
    : state_(std::make_unique<State>(config, idle_cycles, std::move(memory))) {}
AttentionMachine::AttentionMachine(AttentionMachine&&) noexcept = default;
AttentionMachine& AttentionMachine::operator=(AttentionMachine&&) noexcept = default;
AttentionMachine::~AttentionMachine() = default;

std::span<const HeadRecord> AttentionMachine::play(std::span<const HeadWork> heads) {
  auto& cores = state_->cores;
  for (auto& queue : state_->queues) queue.clear();
  for (const HeadWork& work : heads) {
    const auto core = static_cast<std::size_t>(&work - heads.data()) % cores.size();
    state_->queues[core].push_back(&work);
  }
  for (std::size_t c = 0; c < cores.size(); ++c) cores[c]->sequencer.assign(state_->queues[c]);
  const auto finished = [&] {
    return std::ranges::all_of(cores, [](const auto& core) { return core->sequencer.finished(); });
  };
  state_->engine.run_until(kLimit, finished);
  std::vector<HeadRecord>& records = state_->records;
  records.clear();
  records.reserve(heads.size());
  for (const auto& core : cores)
    records.insert(records.end(), core->sequencer.records().begin(),
                   core->sequencer.records().end());
  HDP_CHECK(records.size() == heads.size(), "every head is played once");
  std::ranges::sort(records, {}, &HeadRecord::head);
  return records;
}

void AttentionMachine::rank(std::span<const std::int64_t> cycles) {
  HDP_CHECK(state_->ranking != nullptr, "a machine without a cascade ranks nothing");
  Ranking& ranking = *state_->ranking;
  for (const std::int64_t job : cycles) {
    ranking.jobs.push(state_->engine.now(), {{}, job});
    state_->engine.run_until(kLimit, [&] { return ranking.done.can_pop(state_->engine.now()); });
    ranking.done.pop(state_->engine.now());
  }
}

Cycles AttentionMachine::cycles() const { return state_->engine.now() - Cycle{0}; }

void AttentionMachine::set_timeline(TimelineSink* sink) {
  for (const auto& core : state_->cores)
    for (Component* unit : core->units()) unit->set_timeline(sink);
  state_->memory->set_timeline(sink);
  if (state_->ranking) state_->ranking->top_k.set_timeline(sink);
}

void AttentionMachine::set_tick_order(std::span<const std::size_t> order) {
  state_->engine.set_order(order);
}

std::size_t AttentionMachine::unit_count() const {
  return 5 * state_->cores.size() + (state_->ranking ? 2 : 1);
}

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

std::vector<UnitReport> AttentionMachine::units() {
  state_->engine.close_all();
  std::vector<UnitReport> reports;
  for (const auto& core : state_->cores) {
    auto& pe = reports.emplace_back(account(core->pe_array, "pe_array", core->pe_array.time()));
    pe.counters.push_back({"jobs", core->pe_array.jobs()});
    for (std::size_t p = 0; p < kPhases; ++p)
      pe.counters.push_back({fmt::format("{}_cycles", EnumNames<Phase>::kNames[p]),
                             core->pe_array.phase_cycles()[p].count});
    auto& engine = reports.emplace_back(
        account(core->sparsity_engine, "sparsity_engine", core->sparsity_engine.time()));
    engine.counters = {{"tiles", core->sparsity_engine.tiles()},
                       {"strips", core->sparsity_engine.strips()}};
    reports.emplace_back(account(core->softmax, "softmax", core->softmax.time())).counters = {
        {"strips", core->softmax.jobs()}};
    auto& fetch =
        reports.emplace_back(account(core->fetch_unit, "fetch_unit", core->fetch_unit.time()));
    fetch.counters = {{"requests", core->fetch_unit.requests()},
                      {"read_bytes", sum_of(core->fetch_unit.read_bytes())},
                      {"written_bytes", sum_of(core->fetch_unit.written_bytes())}};
    add_srams(*core, cycles().count, reports);
    reports.emplace_back(account(core->sequencer, "sequencer", core->sequencer.time())).counters = {
        {"heads", core->sequencer.heads()}};
  }
  const MemoryStats& stats = memory_stats();
  reports.emplace_back(account(*state_->memory, "memory", state_->memory->time())).counters = {
      {"reads", stats.reads},
      {"writes", stats.writes},
      {"read_bytes", stats.read_bytes},
      {"written_bytes", stats.written_bytes},
      {"moved_bytes", stats.moved_bytes}};
  if (const DramUse* use = dram())
    reports.back().counters.push_back({"own_cycles", use->result.cycles});
  if (const auto& ranking = state_->ranking)
    reports.emplace_back(account(ranking->top_k, "top_k_engine", ranking->top_k.time()))
        .counters = {{"rankings", ranking->top_k.jobs()}};
  for (const UnitReport& unit : reports)
    HDP_CHECK(unit.total == cycles().count, "every unit charges every cycle of the run");
  HDP_CHECK(sum_of(read_bytes()) == stats.read_bytes, "bytes read = bytes served");
  HDP_CHECK(sum_of(written_bytes()) == stats.written_bytes, "bytes written = bytes taken");
  return reports;
}

}  // namespace hdp
