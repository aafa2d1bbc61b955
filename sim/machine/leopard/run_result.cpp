// SPDX-License-Identifier: Apache-2.0
#include "machine/leopard/run_result.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "machine/code_cases.hpp"
#include "machine/leopard/counts_facts.hpp"
#include "machine/leopard/group.hpp"
#include "machine/leopard/price.hpp"
#include "machine/limiter.hpp"
#include "machine/memory_use.hpp"
#include "machine/phase_spans.hpp"
#include <hdp/machine/provenance.hpp>

namespace hdp {
namespace {

constexpr const char* kSources =
    "the decisions follow LeOPArd's published code; units, widths, buffers and clock are recalled; "
    "the cycle model is ours;";

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// Of a layer in all sequences; each has its own threshold.
Facts layer_facts(const LeopardResult& run, std::size_t layer) {
  Facts facts{{"layer", static_cast<std::int64_t>(layer)}};
  LeopardCounts counts;
  Fact::List thresholds;
  for (const LeopardDecisions& decisions : run.decisions) {
    counts.add(decisions.layers[layer].counts);
    thresholds.emplace_back(decisions.layers[layer].threshold);
  }
  if (run.config.prune.pruning)
    facts.set("threshold", thresholds.size() == 1 ? thresholds.front() : Fact(thresholds));
  facts.update(counts_facts(counts));
  facts.set("prune_ratio", 1 - share(counts.survivors, counts.pairs));
  return facts;
}

Facts decision_facts(const LeopardResult& run) {
  const LeopardCounts total = total_of(run.decisions);
  Facts facts = counts_facts(total);
  facts.set("saturated", saturated_facts(total));
  Fact::List layers;
  for (std::size_t l = 0; l < run.decisions.front().layers.size(); ++l)
    layers.emplace_back(layer_facts(run, l));
  facts.set("layers", std::move(layers));
  return facts;
}

/// Cycles that the units of a kind rest for a reason, all together.
std::int64_t blocked(const LeopardResult& run, std::string_view kind, std::string_view reason) {
  std::int64_t cycles = 0;
  for (const UnitReport& unit : run.units) {
    if (unit.kind != kind) continue;
    for (const Counter& blocked : unit.blocked)
      if (blocked.name == reason) cycles += blocked.value;
  }
  return cycles;
}

std::int64_t busy_of(const LeopardResult& run, std::string_view kind) {
  return std::ranges::find(run.units, kind, &UnitReport::kind)->busy;
}

/// Shares of all pairs that are gone after each step.
std::vector<double> pruned_after(const LeopardCounts& counts) {
  std::vector<double> shares;
  std::int64_t gone = 0;
  for (const std::int64_t pruned : counts.pruned_at_step)
    shares.push_back(share(gone += pruned, counts.pairs));
  return shares;
}

/// The front end beside the model of the project's notes: its units over the mean of the steps.
Facts section_of(const LeopardResult& run) {
  const LeopardCounts total = total_of(run.decisions);
  const std::string_view front = dot_product_unit_kind().name, back = value_unit_kind().name;
  const std::int64_t units = run.config.dot_product.units;
  return {{"steps_per_pair", share(total.steps_total(), total.pairs)},
          {"pruned_share_after_step", pruned_after(total)},
          {"pairs_per_cycle", share(total.pairs, run.cycles)},
          {"model_pairs_per_cycle", share(units * total.pairs, run.totals.key_words)},
          {"front_cycles", Facts{{"busy", run.totals.key_words},
                                 {"score_fifo", blocked(run, front, "score_fifo")},
                                 {"row_buffer", blocked(run, front, "row_buffer")},
                                 {"row", blocked(run, front, "row")},
                                 {"memory", blocked(run, front, "memory")}}},
          {"back_cycles", Facts{{"busy", busy_of(run, back)},
                                {"scores", blocked(run, back, "scores")},
                                {"memory", blocked(run, back, "memory")}}},
          {"groups", run.totals.groups},
          {"pieces", run.totals.pieces},
          {"rows", run.totals.rows},
          {"partial_stores", run.totals.partial_stores}};
}

std::vector<std::string> remarks_of(const LeopardResult& run) {
  std::vector<std::string> remarks;
  if (run.totals.cut_groups == 0) return remarks;
  remarks.push_back(fmt::format(
      "K and V of {} of {} heads do not fit the buffers: they are played in {} pieces{}.",
      run.totals.cut_groups, run.totals.groups, run.totals.pieces,
      run.totals.partial_stores == 0
          ? ""
          : fmt::format(", and the sums of a row go to memory and back {} times",
                        run.totals.partial_stores)));
  return remarks;
}

MemoryUse memory_of(const LeopardResult& run) {
  MemoryUse use = memory_use(run.memory, run.dram, run.foreign_memory);
  using enum Tensor;
  use.read_bytes = tensor_counters(run.read_bytes, {Q, K, V});
  use.written_bytes = tensor_counters(run.written_bytes, {Out});
  return use;
}

double saved(std::int64_t of_twice, std::int64_t cycles) {
  return cycles == 0 ? 0.0 : 1 - share(of_twice, cycles);
}

/// What twice of something saves: few keys, or short rows of V, do not fill what there is. Where
/// front and back end are in balance, neither saves much alone, and the front end is named.
Dealing dealing_of(const LeopardResult& run) {
  const LeopardTotals& totals = run.totals;
  std::int64_t row = 1;
  for (const LeopardLayerDecisions& layer : run.decisions.front().layers)
    row = std::max(row, leopard::row_bytes(run.config, layer.shape.d).under_way());
  // More rows under way are worth a thought where the front end waits for room for them, and not
  // for the back end.
  constexpr double kWaits = 0.05, kBusy = 0.9, kInBalance = 0.01;
  const std::int64_t waits = blocked(run, dot_product_unit_kind().name, "row_buffer");
  std::vector<std::int64_t> pieces;
  if (share(waits, run.config.dot_product.units * run.cycles) > kWaits &&
      share(totals.value_words, run.config.value.lanes * run.cycles) < kBusy)
    pieces.push_back(totals.rows);
  return {
      .contexts = std::max<std::int64_t>(1, run.config.row_buffer_bytes / row),
      .shares_units = true,
      .pieces = pieces,
      .savings = {{std::string(dot_product_unit_kind().name),
                   std::max(kInBalance, saved(totals.row_cycles_twice_units, totals.row_cycles))},
                  {std::string(value_unit_kind().name),
                   saved(totals.row_cycles_twice_lanes, totals.row_cycles)}}};
}

void add_lines(const LeopardResult& run, std::vector<TextLine>& lines) {
  const LeopardCounts total = total_of(run.decisions);
  constexpr double kPercent = 100;
  lines.push_back(
      {"pairs", fmt::format("{}; {:.1f} % survive, {:.2f} of {} steps a pair", total.pairs,
                            kPercent * share(total.survivors, total.pairs),
                            share(total.steps_total(), total.pairs), run.config.prune.steps())});
  const LeopardTotals& totals = run.totals;
  lines.push_back(
      {"front and back",
       fmt::format("front busy {:.1f} %, back {:.1f} %",
                   kPercent * share(totals.key_words, run.config.dot_product.units * run.cycles),
                   kPercent * share(totals.value_words, run.config.value.lanes * run.cycles))});
}

}  // namespace

Resources resources_of(const LeopardConfig& config) {
  return {.multipliers = config.dot_product.units * config.dot_product.taps +
                         config.value.lanes * config.value.macs,
          .sram_bytes = leopard::sram_bytes(config),
          .peak_bytes_per_s = peak_bytes_per_s(config.memory)};
}

RunResult run_result(const LeopardResult& run) {
  RunResult result;
  Facts provenance = provenance_of(run.config);
  provenance.set("cycle_model", "ours");
  result.machine.provenance = std::move(provenance);
  result.machine.sources = fmt::format("{} {}", kSources, sources_of(run.config.energy));
  result.cycles = run.cycles;
  result.units = run.units;
  result.critical_path = run.critical_path;
  result.memory = memory_of(run);
  result.macs = {{"score", run.totals.elements}, {"value", run.totals.value_elements}};
  result.multiplier_cycles =
      static_cast<double>(run.totals.step_elements + run.totals.value_elements);
  result.decisions = decision_facts(run);
  result.energy_pj = run.energy.energy_pj;
  result.area = {run.energy.area_um2, "control, request queues, clock tree, DRAM"};
  result.layers = run.layers;
  result.fidelity = run.fidelity;
  result.limiter = limiter_of(result, dealing_of(run));
  result.remarks = remarks_of(run);
  add_dram_remarks(run.dram, result.remarks);
  add_lines(run, result.lines);
  for (const LeopardGroupRecord& record : run.records)
    add_phases(record.phases,
               {.name = {},
                .sequence = record.sequence,
                .layer = record.layer,
                .problem = record.problem,
                .head = record.first_head},
               result.phases);
  result.sections = {{"leopard", section_of(run)}};
  return result;
}

}  // namespace hdp
