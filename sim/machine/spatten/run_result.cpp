// SPDX-License-Identifier: Apache-2.0
#include "machine/spatten/run_result.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "machine/limiter.hpp"
#include "machine/memory_use.hpp"
#include "machine/phase_spans.hpp"
#include "machine/spatten/price.hpp"
#include <hdp/machine/provenance.hpp>
#include <hdp/prune/problem.hpp>
#include <hdp/units/stream_unit.hpp>

namespace hdp {
namespace {

constexpr const char* kSources =
    "the algorithms follow SpAtten as summarised by reviews; widths and latencies are read in the "
    "authors' RTL where report.json says so; the rest of the cycle model is ours;";

/// The share of all pairs of a layer whose values are not used.
double prune_ratio(const SpattenLayerDecisions& layer, bool causal) {
  const LayerShape& shape = layer.shape;
  const Problem dense{.first_query = 0, .queries = shape.n_q, .keys = shape.n_k, .causal = causal};
  return 1 - static_cast<double>(layer.counts.values_kept) /
                 static_cast<double>(shape.heads * dense.entries());
}

Facts layer_facts(const SpattenLayerDecisions& layer, bool causal,
                  std::optional<std::size_t> sequence) {
  std::vector<std::int64_t> heads;
  for (const auto& kept : layer.heads_kept) heads.push_back(std::ssize(kept));
  Facts facts;
  if (sequence) facts.set("sequence", *sequence);
  facts.update({{"layer", layer.layer},
                {"live_tokens", layer.live_tokens},
                {"kept_tokens", layer.kept_tokens},
                {"kept_heads", heads},
                {"lsb_rows", layer.counts.lsb_rows},
                {"values_kept", layer.counts.values_kept},
                {"prune_ratio", prune_ratio(layer, causal)}});
  return facts;
}

Facts decisions_of(const SpattenResult& run) {
  const SpattenTotals& totals = run.totals;
  Facts facts{{"heads", totals.heads},
              {"queries", totals.queries},
              {"lsb_rows", totals.second_passes},
              {"top_k_queries", totals.top_k_queries}};
  if (run.decisions.empty()) return facts;
  SpattenCounts counts;
  std::int64_t heads = 0, pruned = 0;  // in every layer and problem
  Fact::List layers;
  for (std::size_t s = 0; s < run.decisions.size(); ++s) {
    const SpattenDecisions& decisions = run.decisions[s];
    counts.add(decisions.total);
    for (const SpattenLayerDecisions& layer : decisions.layers) {
      layers.emplace_back(layer_facts(layer, decisions.causal,
                                      run.decisions.size() > 1 ? std::optional(s) : std::nullopt));
      for (const SpattenHeadDecisions& head : layer.heads) {
        heads += std::ssize(head.live);
        pruned += std::ranges::count(head.live, false);
      }
    }
  }
  facts.set("heads_total", heads);
  facts.set("heads_pruned", pruned);
  facts.set("head_sparsity", static_cast<double>(pruned) / static_cast<double>(heads));
  facts.set("entries", counts.entries);
  facts.set("values_kept", counts.values_kept);
  facts.set("layers", std::move(layers));
  return facts;
}

std::vector<std::string> remarks_of(const SpattenResult& run, Stage stage) {
  std::vector<std::string> remarks;
  if (run.decisions.empty())
    remarks.emplace_back(
        "A workload file says how many keys and values a head fetches, not which: they lie evenly "
        "spread over the tokens, and the top-k engine ranks drawn values.");
  if (stage == Stage::Prefill && run.totals.top_k_queries > 0)
    remarks.emplace_back(
        "Queries of a prefill share one fetch of K and of V: local value pruning saves products, "
        "not bytes.");
  if (run.config.top_k.parallelism > run.config.top_k_read_width)
    remarks.push_back(fmt::format(
        "{} comparators: the buffer of the top-k engine gives {} values a cycle, the rest waits.",
        run.config.top_k.parallelism, run.config.top_k_read_width));
  if (run.unshared_bytes > 0)
    remarks.push_back(
        fmt::format("Query heads that share K and V fetch them apart: slice_heads=0 would read "
                    "{:.1f} kB less.",
                    static_cast<double>(run.unshared_bytes) / 1e3));
  return remarks;
}

/// Whether it writes rows of K and V.
bool appends(const SpattenResult& run) {
  return run.written_bytes[static_cast<std::size_t>(Tensor::V)] > 0;
}

/// What the cascade leaves for the layers around the attention.
std::vector<AliveLayer> alive_of(const SpattenResult& run, Stage stage) {
  std::vector<AliveLayer> alive;
  for (std::size_t s = 0; s < run.decisions.size(); ++s)
    for (const SpattenLayerDecisions& layer : run.decisions[s].layers)
      for (std::size_t p = 0; p < layer.live_tokens.size(); ++p) {
        AliveLayer& left = alive.emplace_back();
        left.sequence = static_cast<std::int64_t>(s);
        left.layer = layer.layer;
        left.step = static_cast<std::int64_t>(p);
        if (stage == Stage::Prefill) left.tokens = layer.live_tokens[p];
        for (const SpattenHeadDecisions& head : layer.heads)
          if (head.live[p]) left.heads.push_back(static_cast<std::int32_t>(head.head));
      }
  return alive;
}

MemoryUse memory_of(const SpattenResult& run) {
  MemoryUse use = memory_use(run.memory, run.dram, run.foreign_memory);
  using enum Tensor;
  use.read_bytes = tensor_counters(run.read_bytes, {Q, K, KLsb, V});
  use.written_bytes = tensor_counters(
      run.written_bytes, appends(run) ? std::vector{Out, K, KLsb, V} : std::vector{Out});
  return use;
}

/// Of heads that share K and V.
Facts section_of(const SpattenResult& run) {
  Facts facts{{"slice_heads", run.slice_heads}};
  if (run.config.slice_heads == 1) facts.set("unshared_bytes", run.unshared_bytes);
  return facts;
}

void add_phases(const SpattenPassRecord& record, std::vector<PhaseSpan>& spans) {
  const std::size_t first = spans.size();
  hdp::add_phases(record.phases,
                  {.name = {},
                   .sequence = record.sequence,
                   .layer = record.layer,
                   .problem = record.step,
                   .head = record.head},
                  spans);
  for (std::size_t i = first; i < spans.size(); ++i)
    if (spans[i].name == name_of(RecordedPhase::Decide)) spans[i].name = "top_k";
}

}  // namespace

Resources resources_of(const SpattenConfig& config) {
  return {.multipliers = 2 * config.multipliers,
          .sram_bytes = spatten::sram_bytes(config),
          .peak_bytes_per_s = peak_bytes_per_s(config.memory)};
}

RunResult run_result(const SpattenResult& run, Stage stage) {
  RunResult result;
  Facts provenance = provenance_of(run.config);
  provenance.set("cycle_model", "ours");
  result.machine.seed = run.config.seed;
  result.machine.provenance = std::move(provenance);
  result.machine.sources = fmt::format("{} {}", kSources, sources_of(run.config.energy));
  result.cycles = run.cycles;
  result.units = run.units;
  result.critical_path = run.critical_path;
  result.memory = memory_of(run);
  result.macs = {{"score", run.totals.score_macs},
                 {"second_pass", run.totals.second_pass_macs},
                 {"value", run.totals.value_macs}};
  result.decisions = decisions_of(run);
  result.energy_pj = run.energy.energy_pj;
  result.area = {run.energy.area_um2, "control, clock tree, DRAM"};
  result.layers = run.layers;
  result.fidelity = run.fidelity;
  result.limiter = limiter_of(result);
  result.remarks = remarks_of(run, stage);
  add_dram_remarks(run.dram, result.remarks);
  result.lines = {
      {"heads played", fmt::format("{}; queries {}, of which {} in a second pass, {} "
                                   "in top-k",
                                   run.totals.heads, run.totals.queries, run.totals.second_passes,
                                   run.totals.top_k_queries)}};
  for (const SpattenPassRecord& record : run.records) add_phases(record, result.phases);
  result.alive = alive_of(run, stage);
  if (run.slice_heads > 0) result.sections = {{"spatten", section_of(run)}};
  return result;
}

}  // namespace hdp
