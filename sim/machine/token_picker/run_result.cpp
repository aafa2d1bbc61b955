// SPDX-License-Identifier: Apache-2.0
#include "machine/token_picker/run_result.hpp"

#include <span>
#include <utility>

#include <fmt/format.h>

#include "machine/code_cases.hpp"
#include "machine/limiter.hpp"
#include "machine/memory_use.hpp"
#include "machine/phase_spans.hpp"
#include "machine/token_picker/counts_facts.hpp"
#include "machine/token_picker/price.hpp"
#include <hdp/machine/provenance.hpp>

namespace hdp {
namespace {

constexpr const char* kSources =
    "the bounds follow Token-Picker as reported by others; widths, lanes, clock and memory are "
    "recalled; the cycle model is ours;";

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// Of a layer in all sequences.
Facts layer_facts(std::span<const TokenPickerDecisions> sequences, std::size_t layer) {
  Facts facts{{"layer", static_cast<std::int64_t>(layer)}};
  TokenPickerCounts counts;
  std::vector<std::int64_t> fetched, pruned;
  for (const TokenPickerDecisions& decisions : sequences) {
    counts.add(decisions.layers[layer].counts);
    for (const TokenPickerHeadDecisions& head : decisions.layers[layer].heads) {
      fetched.resize(head.fetched_per_chunk.size());
      pruned.resize(head.fetched_per_chunk.size());
      for (std::size_t c = 0; c < fetched.size(); ++c) {
        fetched[c] += head.fetched_per_chunk[c];
        pruned[c] += head.pruned_after_chunk[c];
      }
    }
  }
  facts.update(counts_facts(counts));
  facts.set("fetched_per_chunk", fetched);
  facts.set("pruned_after_chunk", pruned);
  return facts;
}

Facts facts_of(std::span<const TokenPickerDecisions> sequences) {
  const TokenPickerCounts total = total_of(sequences);
  Facts facts = counts_facts(total);
  facts.set("saturated", saturated_facts(total));
  Fact::List layers;
  for (std::size_t l = 0; l < sequences.front().layers.size(); ++l)
    layers.emplace_back(layer_facts(sequences, l));
  facts.set("layers", std::move(layers));
  return facts;
}

/// The ratios of tokenpicker.md, section 5: what a query fetches, whoever it shares that with.
Facts section_of(const TokenPickerResult& run) {
  const TokenPickerCounts total = total_of(run.decisions);
  const std::int64_t chunks = std::ssize(run.config.prune.chunk_bits);
  return {{"chunks_per_token", share(total.chunks_fetched, total.tokens)},
          {"key_ratio", share(chunks * total.tokens, total.chunks_fetched)},
          {"value_ratio", share(total.tokens, total.value_rows_fetched)},
          {"chunks_read", run.totals.chunks_read},
          {"value_rows_read", run.totals.value_rows_read}};
}

/// Slices smaller than the heads that share K and V, though the settings do not ask for that.
void add_small_slices(const TokenPickerResult& run, std::vector<std::string>& remarks) {
  if (run.config.slice_heads != 0) return;
  const LayerShape& shape = run.decisions.front().layers.front().shape;
  const std::int64_t group = shape.heads / shape.kv_heads;
  if (run.totals.slices * group <= run.totals.queries) return;
  remarks.push_back(
      fmt::format("{} query heads share K and V, but are fetched for in slices of fewer: "
                  "score_buffer_bytes and "
                  "query_buffer_bytes hold no more (32 at most).",
                  group));
}

std::vector<std::string> remarks_of(const TokenPickerResult& run, Stage stage) {
  std::vector<std::string> remarks;
  if (stage == Stage::Prefill)
    remarks.emplace_back(
        "Every query of a prefill reads K and V for itself: the machine is made for decode.");
  add_small_slices(run, remarks);
  return remarks;
}

MemoryUse memory_of(const TokenPickerResult& run) {
  MemoryUse use = memory_use(run.memory, run.dram, run.foreign_memory);
  using enum Tensor;
  use.read_bytes = tensor_counters(run.read_bytes, {Q, K, V});
  use.written_bytes = tensor_counters(run.written_bytes, {Out});
  return use;
}

}  // namespace

Resources resources_of(const TokenPickerConfig& config) {
  return {.multipliers = config.lane.lanes * config.lane.dimensions,
          .sram_bytes = token_picker::sram_bytes(config),
          .peak_bytes_per_s = peak_bytes_per_s(config.memory)};
}

RunResult run_result(const TokenPickerResult& run, Stage stage) {
  RunResult result;
  Facts provenance = provenance_of(run.config);
  provenance.set("cycle_model", "ours");
  result.machine.provenance = std::move(provenance);
  result.machine.sources = fmt::format("{} {}", kSources, sources_of(run.config.energy));
  result.cycles = run.cycles;
  result.units = run.units;
  result.critical_path = run.critical_path;
  result.memory = memory_of(run);
  result.macs = {{"score", run.totals.score_macs}, {"value", run.totals.value_macs}};
  result.multiplier_cycles =
      static_cast<double>(run.totals.score_products + run.totals.value_products);
  result.decisions = facts_of(run.decisions);
  if (!run.reference.empty()) result.reference_decisions = facts_of(run.reference);
  result.energy_pj = run.energy.energy_pj;
  result.area = {run.energy.area_um2, "control, request queues, clock tree, DRAM"};
  result.layers = run.layers;
  result.fidelity = run.fidelity;
  result.limiter = limiter_of(result, {.contexts = run.config.slices_in_flight,
                                       .shares_units = true,
                                       .pieces = {run.totals.slices}});
  result.remarks = remarks_of(run, stage);
  add_dram_remarks(run.dram, result.remarks);
  const TokenPickerCounts total = total_of(run.decisions);
  result.lines = {
      {"tokens",
       fmt::format("{}; chunks read a token {:.3f} of {}, V read of {} (1 of {:.2f})", total.tokens,
                   share(total.chunks_fetched, total.tokens), run.config.prune.chunk_bits.size(),
                   total.value_rows_fetched, share(total.tokens, total.value_rows_fetched))}};
  if (!run.reference.empty()) {
    const TokenPickerCounts reference = total_of(run.reference);
    result.lines.push_back(
        {"reference order", fmt::format("chunks read a token {:.3f}, V read of {}",
                                        share(reference.chunks_fetched, reference.tokens),
                                        reference.value_rows_fetched)});
  }
  for (const TokenPickerSliceRecord& record : run.records)
    add_phases(record.phases,
               {.name = {},
                .sequence = record.sequence,
                .layer = record.layer,
                .problem = record.problem,
                .head = record.first_head},
               result.phases);
  result.sections = {{"token_picker", section_of(run)}};
  return result;
}

}  // namespace hdp
