// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/run_result.hpp"

#include <utility>

#include <fmt/format.h>

#include "machine/hdp/dealing.hpp"
#include "machine/hdp/price.hpp"
#include "machine/hdp/remarks.hpp"
#include "machine/hdp/stage_facts.hpp"
#include "machine/limiter.hpp"
#include "machine/memory_use.hpp"
#include "machine/phase_spans.hpp"
#include <hdp/machine/provenance.hpp>

namespace hdp {
namespace {

constexpr const char* kSources =
    "block and head pruning and the approximation follow HDP as recalled and as summarised by "
    "third parties; sizes, clock, cycle model and defaults are ours;";

Facts macs_of(const HdpResult& run) {
  const auto macs = [&](Phase phase) { return run.totals.macs[static_cast<std::size_t>(phase)]; };
  if (!run.config.pruning) return {{"score", macs(Phase::Score)}, {"value", macs(Phase::Value)}};
  return {{"integer", macs(Phase::Integer)},
          {"fraction", macs(Phase::Fraction)},
          {"value", macs(Phase::Value)},
          {"recompute", run.totals.recompute_macs}};
}

/// The same of rounds of probability estimation: FQ.IK, then a chunk of K at a time.
double estimate_cycles_of(const HdpResult& run) {
  const OperandWidths widths{run.formats.qk.word_bits, run.formats.qk.integer_bits()};
  const std::int64_t query =
      run.config.prune.approximation ? widths.integer_bits : widths.word_bits;
  const bool split = run.config.core.pe_array.precision == Precision::Split;
  const auto cycles = [&](std::int64_t products, std::int64_t a, std::int64_t b) {
    const auto word = static_cast<double>(widths.word_bits * widths.word_bits);
    return static_cast<double>(products) * (split ? static_cast<double>(a * b) / word : 1.0);
  };
  std::int64_t first = run.totals.macs[static_cast<std::size_t>(Phase::Fraction)];
  double sum = 0;
  const std::vector<ChunkPlane>& chunks = run.layouts.front().chunks;
  for (std::size_t c = 0; c < chunks.size(); ++c) {
    first -= run.totals.chunk_macs[c];
    sum += cycles(run.totals.chunk_macs[c], query, chunks[c].bits);
  }
  return sum + cycles(first, widths.fraction_bits(), widths.integer_bits);
}

/// Cycles of a PE that the products of a run take at full rate (sim/units/pe_array.md).
double multiplier_cycles_of(const HdpResult& run) {
  const Precision precision = run.config.core.pe_array.precision;
  const OperandWidths widths{run.formats.qk.word_bits, run.formats.qk.integer_bits()};
  const bool exact = !run.config.prune.approximation;
  const auto word = static_cast<double>(widths.word_bits * widths.word_bits);
  const auto i = static_cast<double>(widths.integer_bits);
  const auto f = static_cast<double>(widths.fraction_bits());
  double integer = 1, fraction = 1;
  if (precision == Precision::Fused) fraction = exact ? 2.0 / 3 : 0.5;
  if (precision == Precision::Split) {
    integer = i * i / word;
    fraction = exact ? (2 * i * f + f * f) / 3 / word : i * f / word;
  }
  const auto macs = [&](Phase phase) {
    return static_cast<double>(run.totals.macs[static_cast<std::size_t>(phase)]);
  };
  return integer * (macs(Phase::Integer) + static_cast<double>(run.totals.recompute_macs)) +
         (run.config.estimates() ? estimate_cycles_of(run) : fraction * macs(Phase::Fraction)) +
         macs(Phase::Score) + macs(Phase::Value);
}

/// What the stages of a run have left of the entries.
struct Entries {
  std::int64_t dense = 0, live = 0, kept = 0;
  static double sparsity(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? 0.0 : 1.0 - static_cast<double>(part) / static_cast<double>(whole);
  }
};

Entries entries_of(const std::vector<CascadeLayer>& layers) {
  Entries sum;
  for (const CascadeLayer& layer : layers) {
    sum.dense += layer.dense_entries;
    sum.live += layer.live_entries;
    sum.kept += layer.kept_entries;
  }
  return sum;
}

std::size_t layers_of(const HdpResult& run) {
  return run.layouts.size() / static_cast<std::size_t>(run.sequences);
}

/// What a list says of a sequence and layer before all else; nothing where there is one sequence.
Facts sequence_of(const HdpResult& run, std::size_t place) {
  if (run.sequences == 1) return {};
  return {{"sequence", place / layers_of(run)}};
}

/// Live tokens of the last problem by layer, of all sequences together.
std::string live_tokens_text(const HdpResult& run) {
  std::string text;
  for (std::size_t layer = 0; layer < layers_of(run); ++layer) {
    std::int64_t tokens = 0;
    for (std::size_t place = layer; place < run.cascade.size(); place += layers_of(run))
      tokens += run.cascade[place].live_tokens.back();
    text += fmt::format(" {}", tokens);
  }
  return text;
}

/// Sparsities compose: density = cascade x blocks and heads of what the cascade left.
Facts cascade_facts(const HdpResult& run) {
  const Entries entries = entries_of(run.cascade);
  Fact::List layers;
  for (std::size_t place = 0; place < run.cascade.size(); ++place) {
    const CascadeLayer& layer = run.cascade[place];
    Facts facts = sequence_of(run, place);
    facts.update({{"layer", place % layers_of(run)},
                  {"live_tokens", layer.live_tokens},
                  {"kept_tokens", layer.kept_tokens},
                  {"live_heads", layer.live_heads},
                  {"kept_heads", layer.kept_heads},
                  {"dense_entries", layer.dense_entries},
                  {"live_entries", layer.live_entries},
                  {"kept_entries", layer.kept_entries},
                  {"ranking_cycles", layer.ranking_cycles}});
    layers.emplace_back(std::move(facts));
  }
  return {{"dense_entries", entries.dense},
          {"live_entries", entries.live},
          {"kept_entries", entries.kept},
          {"cascade_sparsity", Entries::sparsity(entries.live, entries.dense)},
          {"hdp_sparsity", Entries::sparsity(entries.kept, entries.live)},
          {"sparsity", Entries::sparsity(entries.kept, entries.dense)},
          {"layers", std::move(layers)}};
}

Fact::List layouts_facts(const HdpResult& run) {
  Fact::List layers;
  for (std::size_t place = 0; place < run.layouts.size(); ++place) {
    const Layout& layout = run.layouts[place];
    Facts facts = sequence_of(run, place);
    if (!facts.empty()) facts.set("layer", place % layers_of(run));
    facts.update({{"slice_heads", layout.slice_heads}, {"strip_rows", layout.strip_rows}});
    if (run.config.pruning)
      facts.update({{"score_store", layout.keep_scores ? "keep" : "recompute"},
                    {"q_int_resident", layout.q_int_resident},
                    {"k_int_resident", layout.k_int_resident},
                    {"k_frac_resident", layout.k_frac_resident},
                    {"v_resident", layout.v_resident}});
    else
      facts.update({{"k_resident", layout.k_resident}, {"v_resident", layout.v_resident}});
    layers.emplace_back(std::move(facts));
  }
  return layers;
}

Facts section_of(const HdpResult& run) {
  Facts facts{{"precision", name_of(run.config.core.pe_array.precision)},
              {"fraction_bits_used", facts_of(run.formats)}};
  if (run.config.pruning) {
    facts.set("planes", name_of(run.config.core.fetch.planes));
    facts.set("imbalance", run.imbalance);
  }
  if (run.config.scheduling.slice_heads == 1) facts.set("unshared_bytes", run.unshared_bytes);
  if (run.config.estimates()) {
    facts.set("stages", stage_facts(run));
    facts.set("probability", estimate_facts(run.decisions.estimates));
  }
  if (!run.cascade.empty()) facts.set("cascade", cascade_facts(run));
  facts.set("layouts", layouts_facts(run));
  return facts;
}

std::vector<TextLine> lines_of(const HdpResult& run) {
  std::vector<TextLine> lines;
  const HdpCounts& counts = run.decisions;
  if (run.config.pruning)
    lines.push_back(
        {"pruned", fmt::format("blocks {:.1f}%, heads {:.1f}%, net {:.1f}%; imbalance {:.2f} "
                               "(largest / mean kept blocks of a strip)",
                               100 * counts.block_sparsity(), 100 * counts.head_sparsity(),
                               100 * counts.net_sparsity(), run.imbalance)});
  if (!run.cascade.empty()) {
    const Entries entries = entries_of(run.cascade);
    lines.push_back({"cascade", fmt::format("entries {:.1f}%, then blocks and heads {:.1f}%: "
                                            "{:.1f}% together; live tokens by layer{}",
                                            100 * Entries::sparsity(entries.live, entries.dense),
                                            100 * Entries::sparsity(entries.kept, entries.live),
                                            100 * Entries::sparsity(entries.kept, entries.dense),
                                            live_tokens_text(run))});
  }
  if (run.config.estimates()) lines.push_back({"stages", stage_text(run)});
  lines.push_back({"formats", fmt::format("Q, K {} fraction bits, V {}, words of {}",
                                          run.formats.qk.fraction_bits, run.formats.v.fraction_bits,
                                          run.formats.qk.word_bits)});
  return lines;
}

MemoryUse memory_of(const HdpResult& run) {
  MemoryUse use = memory_use(run.memory, run.dram, run.foreign_memory);
  using enum Tensor;
  use.read_bytes =
      tensor_counters(run.read_bytes, run.config.pruning ? std::vector{QInt, QFrac, KInt, KFrac, V}
                                                         : std::vector{Q, K, V});
  use.written_bytes =
      tensor_counters(run.written_bytes, run.config.pruning ? std::vector{Out, KInt, KFrac, V}
                                                            : std::vector{Out, K, V});
  return use;
}

/// Pivots of rankings are all that is drawn: the cascade's, else those of rule top_k.
std::optional<std::int64_t> seed_of(const HdpConfig& config) {
  if (config.cascades()) return config.cascade.top_k.seed;
  if (config.pruning && config.prune.rule == PruneRule::TopK)
    return config.core.sparsity_engine.top_k.seed;
  return std::nullopt;
}

}  // namespace

Resources resources_of(const HdpConfig& config) {
  const CoreConfig& core = config.core;
  return {.multipliers = config.cores * core.pe_array.rows * core.pe_array.columns,
          .sram_bytes = sram_bytes(config),
          .peak_bytes_per_s = peak_bytes_per_s(config.memory)};
}

Facts facts_of(const HdpCounts& counts) {
  return {{"heads_total", counts.heads_total},
          {"heads_pruned", counts.heads_pruned},
          {"blocks_existing", counts.blocks_existing},
          {"blocks_pruned", counts.blocks_pruned},
          {"block_sparsity", counts.block_sparsity()},
          {"head_sparsity", counts.head_sparsity()},
          {"net_sparsity", counts.net_sparsity()},
          {"kept_entries", counts.kept_entries},
          {"empty_rows", counts.empty_rows},
          {"saturated",
           Facts{{"q", counts.q_saturated}, {"k", counts.k_saturated}, {"v", counts.v_saturated}}}};
}

Facts facts_of(const HdpFormats& formats) {
  return {{"qk", formats.qk.fraction_bits}, {"v", formats.v.fraction_bits}};
}

std::vector<AliveLayer> alive_of(const HdpResult& run, Stage stage) {
  std::vector<AliveLayer> alive;
  const auto layers = static_cast<std::int64_t>(layers_of(run));
  for (std::int64_t place = 0; place < std::ssize(run.cascade); ++place) {
    const CascadeLayer& layer = run.cascade[static_cast<std::size_t>(place)];
    for (std::size_t p = 0; p < layer.heads.size(); ++p) {
      AliveLayer& left = alive.emplace_back();
      left.sequence = place / layers;
      left.layer = place % layers;
      left.step = static_cast<std::int64_t>(p);
      if (stage == Stage::Prefill) left.tokens = layer.live_tokens[p];
      left.heads = layer.heads[p];
    }
  }
  return alive;
}

RunResult run_result(const HdpResult& run) {
  RunResult result;
  Facts provenance = provenance_of(run.config);
  provenance.set("cycle_model", "ours");
  result.machine.seed = seed_of(run.config);
  result.machine.provenance = std::move(provenance);
  result.machine.sources = fmt::format("{} {}", kSources, sources_of(run.config.energy));
  result.title = fmt::format("PE precision {}", name_of(run.config.core.pe_array.precision));
  result.cycles = run.cycles;
  result.units = run.units;
  result.critical_path = run.critical_path;
  result.memory = memory_of(run);
  result.macs = macs_of(run);
  result.multiplier_cycles = multiplier_cycles_of(run);
  if (run.config.pruning) result.decisions = facts_of(run.decisions);
  result.energy_pj = run.energy.energy_pj;
  result.area = {run.energy.area_um2, "control, clock tree, fetch unit, DRAM"};
  result.layers = run.layers;
  result.fidelity = run.fidelity;
  result.limiter = limiter_of(result, dealing_of(run));
  result.remarks = remarks_of(run);
  add_dram_remarks(run.dram, result.remarks);
  result.lines = lines_of(run);
  for (const HdpRecord& record : run.records)
    add_phases(record.head.phases,
               {.name = {},
                .sequence = record.head.sequence,
                .layer = record.head.layer,
                .problem = record.problem,
                .head = record.head.head},
               result.phases);
  result.sections = {{"hdp", section_of(run)}};
  return result;
}

}  // namespace hdp
