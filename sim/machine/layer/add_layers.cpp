// SPDX-License-Identifier: Apache-2.0
#include "machine/layer/add_layers.hpp"

#include <algorithm>
#include <map>
#include <string>

#include <fmt/format.h>

#include "machine/layer/add_costs.hpp"
#include "machine/limiter.hpp"
#include "machine/memory_use.hpp"
#include <hdp/base/check.hpp>
#include <hdp/machine/performance.hpp>

namespace hdp::layer {
namespace {

double share(double part, double whole) { return whole == 0 ? 0 : part / whole; }

void add_counters(const std::vector<Counter>& more, std::int64_t times,
                  std::vector<Counter>& counters) {
  for (const Counter& counter : more) {
    const auto found = std::ranges::find(counters, counter.name, &Counter::name);
    if (found == counters.end())
      counters.push_back({counter.name, times * counter.value});
    else
      found->value += times * counter.value;
  }
}

/// What a unit did with its time in layers, behind what it did so far.
void add_time(const UnitReport& more, std::int64_t times, UnitReport& unit) {
  unit.total += times * more.total;
  unit.idle += times * more.idle;
  unit.busy += times * more.busy;
  add_counters(more.blocked, times, unit.blocked);
}
void add_report(const UnitReport& more, std::int64_t times, UnitReport& unit) {
  add_time(more, times, unit);
  add_counters(more.counters, times, unit.counters);
}

/// The units of the layers, all of them together.
std::vector<UnitReport> units_of(std::span<const PlayedLayer> played) {
  std::vector<UnitReport> units;
  for (const PlayedLayer& layer : played)
    for (std::size_t u = 0; u < layer.result.units.size(); ++u) {
      if (u == units.size()) {
        const UnitReport& like = layer.result.units[u];
        units.push_back({.instance = like.instance, .kind = like.kind});
      }
      add_report(layer.result.units[u], layer.times(), units[u]);
    }
  return units;
}

/// The array of the layers is that of the attention.
bool is_array(const UnitReport& unit) { return unit.kind == matrix_engine_kind().name; }

void add_units(const LayerEngine& engine, std::vector<UnitReport> layers, std::int64_t cycles,
               RunResult& run) {
  const std::int64_t attention = run.cycles;
  const UnitReport array = *std::ranges::find_if(layers, is_array);
  for (UnitReport& unit : run.units) {
    const auto same = std::ranges::find(layers, unit.instance, &UnitReport::instance);
    if (same != layers.end()) {
      add_report(*same, 1, unit);
      layers.erase(same);
    } else if (std::ranges::find(engine.units, unit.kind) != engine.units.end()) {
      add_time(array, 1, unit);
    } else {
      unit.total += cycles;
      unit.idle += cycles;
    }
  }
  for (UnitReport& unit : layers) {
    if (is_array(unit)) continue;
    unit.instance.insert(0, kLayerPrefix);
    unit.total += attention;
    unit.idle += attention;
    run.units.push_back(std::move(unit));
  }
  check_accounts(run.units, attention + cycles);
}

void add_memory(std::span<const PlayedLayer> played, MemoryUse& memory) {
  for (const PlayedLayer& layer : played) {
    const LayerResult& made = layer.result;
    const std::int64_t times = layer.times();
    using enum Tensor;
    add_counters(tensor_counters(made.read_bytes, {}), times, memory.read_bytes);
    add_counters(tensor_counters(made.written_bytes, {}), times, memory.written_bytes);
    add_counters({{"moved_bytes", made.memory.moved_bytes}}, times, memory.counters);
    HDP_CHECK(made.dram.has_value() == memory.dram.has_value(), "one memory for all");
    if (memory.dram)
      for (std::int64_t t = 0; t < times; ++t) memory.dram->result.then(made.dram->result);
  }
}

void add_path(const LayerEngine& engine, std::span<const PlayedLayer> played,
              std::vector<CriticalTime>& path) {
  if (path.empty()) return;
  for (const PlayedLayer& layer : played)
    for (const CriticalTime& time : layer.result.critical_path) {
      const bool array = time.account == matrix_engine_kind().name;
      const std::string account(array ? engine.units.front() : time.account);
      auto own = std::ranges::find(path, account, &CriticalTime::account);
      if (own == path.end()) own = path.insert(path.end(), {.account = account});
      own->work += layer.times() * time.work;
      own->latency += layer.times() * time.latency;
    }
}

/// Behind the attention, layer by layer.
void add_phases(std::span<const PlayedLayer> played, RunResult& run) {
  std::map<std::pair<std::int64_t, std::int64_t>, const LayerResult*> in_order;  // by step, layer
  for (const PlayedLayer& layer : played)
    for (const PlayedLayer::Place& place : layer.places)
      in_order[{place.step, place.layer}] = &layer.result;
  std::int64_t start = run.cycles;
  for (const auto& [place, made] : in_order) {
    for (const LayerPhase& phase : made->phases)
      run.phases.push_back({.name = phase.name,
                            .layer = place.second,
                            .problem = place.first,
                            .start = start + phase.start,
                            .end = start + phase.end});
    start += made->cycles;
  }
}

/// Multiply-adds by phase, and cycles of multipliers.
void add_macs(const LayerEngine& engine, std::span<const PlayedLayer> played, RunResult& run) {
  double busy = run.multiplier_cycles.value_or(static_cast<double>(total_macs(run.macs)));
  std::vector<Counter> macs;
  for (const PlayedLayer& layer : played) {
    add_counters(layer.result.macs, layer.times(), macs);
    for (const Counter& phase : layer.result.macs)
      busy += static_cast<double>(layer.times() * phase.value * engine.array.cycles_per_product);
  }
  for (const Counter& phase : macs) run.macs.set(phase.name, phase.value);
  run.multiplier_cycles = busy;
}

/// What is kept of the weights of a layer, and how they are stored.
Facts weights_of(const LayerEngine& engine, std::span<const PlayedLayer> played) {
  const LayerConfig& config = engine.config;
  Facts facts{{"kept", config.kept},
              {"of", config.of},
              {"weight_bits", config.weight_bits},
              {"activation_bits", config.activation_bits}};
  std::int64_t read = 0;
  for (const PlayedLayer& layer : played)
    read += layer.times() * layer.result.read_bytes[static_cast<std::size_t>(Tensor::Weights)];
  facts.set("read_bytes", read);
  return facts;
}

Facts alive_facts(std::span<const PlayedLayer> played) {
  Fact::List sizes;
  for (const PlayedLayer& layer : played)
    sizes.emplace_back(Facts{{"tokens", layer.sizes.tokens},
                             {"heads", layer.sizes.heads},
                             {"kv_heads", layer.sizes.kv_heads},
                             {"times", layer.times()},
                             {"cycles", layer.result.cycles}});
  return {{"sizes", std::move(sizes)}};
}

}  // namespace

void add_layers(const LayerEngine& engine, std::span<const PlayedLayer> played, RunResult& run) {
  if (played.empty()) return;  // nothing is alive
  std::int64_t cycles = 0;
  for (const PlayedLayer& layer : played) cycles += layer.times() * layer.result.cycles;
  const std::int64_t attention = run.cycles;
  const std::int64_t bytes = run.memory.total_read_bytes() + run.memory.total_written_bytes();

  add_units(engine, units_of(played), cycles, run);
  add_memory(played, run.memory);
  add_path(engine, played, run.critical_path);
  add_macs(engine, played, run);
  add_phases(played, run);
  const double energy = add_energy(played, cycles, run);
  add_area(played, run);
  run.cycles += cycles;
  run.limiter = limiter_of(run);

  const std::int64_t all_bytes = run.memory.total_read_bytes() + run.memory.total_written_bytes();
  const double all_energy = run.total_pj().value_or(0);
  const double of_cycles = share(static_cast<double>(attention), static_cast<double>(run.cycles));
  const double of_bytes = share(static_cast<double>(bytes), static_cast<double>(all_bytes));
  const double of_energy = share(all_energy - energy, all_energy);
  Facts facts{
      {"cycles", Facts{{"attention", attention}, {"layers", cycles}}},
      {"bytes", Facts{{"attention", bytes}, {"layers", all_bytes - bytes}}},
      {"energy_pj", Facts{{"attention", all_energy - energy}, {"layers", energy}}},
      {"attention_share", Facts{{"cycles", of_cycles}, {"bytes", of_bytes}, {"energy", of_energy}}},
      {"weights", weights_of(engine, played)}};
  facts.update(alive_facts(played));
  run.sections.push_back({"layers", std::move(facts)});
  run.lines.push_back(
      {"whole layers", fmt::format("attention takes {:.1f} % of the cycles, {:.1f} % of the bytes, "
                                   "{:.1f} % of the energy",
                                   100 * of_cycles, 100 * of_bytes, 100 * of_energy)});
  run.remarks.emplace_back(
      "Layers around the attention are played behind it, each on a machine at rest: nothing of one "
      "overlaps the other (docs/layers.md).");
}

void add_errors(std::span<const EncoderLayerError> errors, RunResult& run) {
  if (errors.empty()) return;
  Fact::List masks, all;
  for (const EncoderLayerError& error : errors) {
    masks.emplace_back(error.masks.relative_frobenius());
    all.emplace_back(error.all.relative_frobenius());
  }
  const auto last = errors.back();
  run.sections.push_back({"encoder", Facts{{"masks", std::move(masks)}, {"all", std::move(all)}}});
  run.lines.push_back(
      {"encoder output",
       fmt::format("relative error {:.4f} by masks, {:.4f} with codes of weights and activations",
                   last.masks.relative_frobenius().value_or(0),
                   last.all.relative_frobenius().value_or(0))});
}

}  // namespace hdp::layer
