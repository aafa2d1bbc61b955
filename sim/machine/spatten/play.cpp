// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "machine/spatten/netlist.hpp"
#include "machine/spatten/totals.hpp"
#include "machine/unit_account.hpp"
#include <hdp/base/check.hpp>
#include <hdp/base/error.hpp>
#include <hdp/machine/spatten.hpp>

namespace hdp {
namespace {

using spatten::Netlist;

constexpr Cycle kLimit{std::int64_t{1} << 60};  // no run gets here
constexpr Cycles kReportEvery{100'000};

void refuse_what_does_not_fit(const SpattenConfig& config, const SpattenPass& pass) {
  const auto refuse = [&](std::string_view setting, std::string_view what, std::size_t vectors,
                          std::int64_t bytes) {
    const std::int64_t most = 8 * bytes / (pass.d * config.word_bits);
    if (static_cast<std::int64_t>(vectors) <= most) return;
    throw UserError(
        {.path = fmt::format("/{}", setting),
         .problem = fmt::format("step {} layer {} head {} has {} {} of {} elements", pass.step,
                                pass.layer, pass.head, vectors, what, pass.d),
         .allowed = fmt::format("at most {} in {} bytes", most, bytes)});
  };
  refuse("k_buffer_bytes", "keys", pass.keys->size(), config.k_buffer_bytes);
  refuse("v_buffer_bytes", "values", pass.values.size(), config.v_buffer_bytes);
}

UnitReport account_of_buffer(std::string name, const PeArray& array, std::int64_t cycles,
                             std::int64_t read, std::int64_t written) {
  const std::int64_t busy = array.phase_cycles()[static_cast<std::size_t>(Phase::Score)].count +
                            array.phase_cycles()[static_cast<std::size_t>(Phase::Value)].count;
  return {std::move(name),
          "sram",
          cycles,
          cycles - busy,
          busy,
          {},
          {{"bits_read", read}, {"bits_written", written}}};
}

std::vector<UnitReport> accounts(const Netlist& netlist, const SpattenTotals& totals,
                                 std::int64_t cycles) {
  std::vector<UnitReport> reports;
  const auto add = [&](const auto& unit, std::string kind) -> UnitReport& {
    return reports.emplace_back(account(unit, std::move(kind), unit.time()));
  };
  add(netlist.sequencer, "sequencer").counters = {{"heads", netlist.sequencer.heads()}};
  add(netlist.fetcher, "fetch_unit").counters = {
      {"requests", netlist.fetcher.requests()},
      {"read_bytes", sum_of(netlist.fetcher.read_bytes())},
      {"written_bytes", sum_of(netlist.fetcher.written_bytes())}};
  add(netlist.converter, "bit_width_converter").counters = {{"tiles", netlist.converter.jobs()}};
  add(netlist.qk, "multiplier_array").counters = {{"jobs", netlist.qk.jobs()}};
  add(netlist.softmax, "softmax").counters = {{"rows", netlist.softmax.jobs()}};
  add(netlist.top_k, "top_k_engine").counters = {{"rankings", netlist.top_k.jobs()}};
  add(netlist.pv, "multiplier_array").counters = {{"jobs", netlist.pv.jobs()}};
  reports.push_back(
      account_of_buffer("k_buffer", netlist.qk, cycles, totals.k_bits_read, totals.k_bits_written));
  reports.push_back(
      account_of_buffer("v_buffer", netlist.pv, cycles, totals.v_bits_read, totals.v_bits_written));
  const MemoryStats& stats = netlist.memory->stats();
  UnitReport& memory =
      reports.emplace_back(account(*netlist.memory, "memory", netlist.memory->time()));
  memory.counters = {{"reads", stats.reads},
                     {"writes", stats.writes},
                     {"read_bytes", stats.read_bytes},
                     {"written_bytes", stats.written_bytes},
                     {"moved_bytes", stats.moved_bytes}};
  if (const DramUse* use = netlist.memory->dram())
    memory.counters.push_back({"own_cycles", use->result.cycles});
  for (const UnitReport& unit : reports) {
    HDP_CHECK(unit.total == cycles, "every unit charges every cycle of the run");
    std::int64_t sum = unit.idle + unit.busy;
    for (const Counter& reason : unit.blocked) sum += reason.value;
    HDP_CHECK(sum == cycles, "every cycle is idle, busy or blocked");
  }
  return reports;
}

/// What the passes ask for is what the memory has served.
void check_bytes(const SpattenConfig& config, std::span<const SpattenPass> passes,
                 const SpattenResult& result) {
  const TensorBytes asked = spatten::bytes_of(passes);
  HDP_CHECK(result.read_bytes == asked, "every vector is fetched once");
  HDP_CHECK(sum_of(result.read_bytes) == result.memory.read_bytes, "bytes read = bytes served");
  HDP_CHECK(sum_of(result.written_bytes) == result.memory.written_bytes,
            "bytes written = bytes taken");
  HDP_CHECK(config.write_output || result.memory.written_bytes == 0, "nothing else is written");
}

}  // namespace

SpattenResult play_spatten(const SpattenConfig& config, std::span<const SpattenPass> passes,
                           const SpattenOptions& options) {
  validate(config);
  if (passes.empty()) throw UserError({.path = config.name, .problem = "no head to play"});
  for (const SpattenPass& pass : passes) refuse_what_does_not_fit(config, pass);
  Netlist netlist(config, passes);
  Engine engine(options.idle_cycles);
  for (Component* unit : netlist.units()) {
    unit->set_timeline(options.timeline);
    engine.add(*unit);
  }
  if (!options.order.empty()) engine.set_order(options.order);
  for (Cycle next{0}; !netlist.sequencer.finished();) {
    next = next + kReportEvery;
    engine.run_until(kLimit, [&] { return netlist.sequencer.finished() || engine.now() >= next; });
    if (options.observer) options.observer(netlist.sequencer.heads(), std::ssize(passes));
  }
  engine.close_all();

  SpattenResult result;
  result.config = config;
  result.cycles = engine.now().index;
  result.totals = spatten::totals_of(config, passes);
  result.units = accounts(netlist, result.totals, result.cycles);
  result.read_bytes = netlist.fetcher.read_bytes();
  result.written_bytes = netlist.fetcher.written_bytes();
  result.memory = netlist.memory->stats();
  if (const DramUse* use = netlist.memory->dram()) result.dram = *use;
  result.records = netlist.sequencer.records();
  check_bytes(config, passes, result);
  result.energy = spatten::price(config, result.totals, result.memory, result.cycles, result.dram);
  return result;
}

}  // namespace hdp
