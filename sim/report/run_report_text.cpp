// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/text_parts.hpp"
#include <hdp/report/run_report.hpp>

namespace hdp {
namespace {

struct Row {
  std::string what, run, baseline;
};

std::vector<Row> headline(const Comparison& comparison) {
  const RunResult& run = comparison.run;
  const RunResult* const base = comparison.baseline ? &*comparison.baseline : nullptr;
  const auto both = [&](std::string what, auto value) {
    return Row{std::move(what), value(run), base != nullptr ? value(*base) : std::string()};
  };
  std::vector<Row> rows{
      both("cycles", [](const RunResult& r) { return fmt::format("{}", r.cycles); }),
      both(fmt::format("time at {} MHz", run.config.clock_mhz),
           [](const RunResult& r) { return fmt::format("{:.3f} us", r.time_ns() / 1000); }),
      both("limited by",
           [](const RunResult& r) {
             const Limiter limiter = limiter_of(r);
             return fmt::format("{} {:.1f}%", limiter.name, 100 * limiter.share);
           }),
      both("DRAM read", [](const RunResult& r) { return bytes_text(sum_of(r.read_bytes)); }),
      both("DRAM written", [](const RunResult& r) { return bytes_text(sum_of(r.written_bytes)); }),
      both("energy",
           [](const RunResult& r) { return fmt::format("{:.3f} uJ", r.energy.total_pj() * 1e-6); }),
      both("area (covered part)", [](const RunResult& r) {
        return fmt::format("{:.3f} mm^2", r.energy.total_um2() * 1e-6);
      })};
  if (base != nullptr) {
    rows.push_back({"speedup", fmt::format("{:.3f} x", base->time_ns() / run.time_ns()), "1"});
    rows.push_back({"energy ratio",
                    fmt::format("{:.3f} x", base->energy.total_pj() / run.energy.total_pj()), "1"});
  }
  return rows;
}

std::string pruning_text(const RunResult& run) {
  const HdpCounts& counts = run.decisions;
  std::string text = fmt::format(
      "pruned             blocks {:.1f}%, heads {:.1f}%, net {:.1f}%; imbalance {:.2f} (largest / "
      "mean kept blocks of a strip)\n",
      100 * counts.block_sparsity(), 100 * counts.head_sparsity(), 100 * counts.net_sparsity(),
      run.imbalance);
  if (run.cascade.empty()) return text;
  std::int64_t dense = 0, live = 0, kept = 0;
  std::string tokens;
  for (const CascadeLayer& layer : run.cascade) {
    dense += layer.dense_entries;
    live += layer.live_entries;
    kept += layer.kept_entries;
    tokens += fmt::format(" {}", layer.live_tokens.back());
  }
  const auto share = [&](std::int64_t part, std::int64_t whole) {
    return 100 * (1 - static_cast<double>(part) / static_cast<double>(whole));
  };
  text += fmt::format(
      "cascade            entries {:.1f}%, then blocks and heads {:.1f}%: {:.1f}% together; live "
      "tokens by layer{}\n",
      share(live, dense), live == 0 ? 0.0 : share(kept, live), share(kept, dense), tokens);
  return text;
}

}  // namespace

std::string report_text(const Comparison& comparison, const Trace& trace) {
  const RunResult& run = comparison.run;
  const LayerShape& shape = trace.shape(0);
  std::string text =
      fmt::format("{} on {} ({}, {} layers x {} heads, d {}, {} keys), PE precision {}\n\n",
                  run.config.name, trace.name(), name_of(trace.stage()), trace.layers(),
                  shape.heads, shape.d, shape.n_k, name_of(run.config.core.pe_array.precision));
  text += fmt::format("{:<22}{:>20}{:>22}\n", "", run.config.name,
                      comparison.baseline ? "baseline " + comparison.baseline_name : "");
  for (const Row& row : headline(comparison))
    text += fmt::format("{:<22}{:>20}{:>22}\n", row.what, row.run, row.baseline);
  text += '\n';
  if (run.config.pruning) text += pruning_text(run);
  text += fmt::format("formats            Q, K {} fraction bits, V {}, words of {}\n",
                      run.formats.qk.fraction_bits, run.formats.v.fraction_bits,
                      run.formats.qk.word_bits);
  if (!run.layers.empty()) text += fidelity_text(run.fidelity);
  text += fmt::format("DRAM bytes         {}; written {}\n", by_tensor(run.read_bytes),
                      by_tensor(run.written_bytes));
  if (run.dram) text += dram_text(*run.dram);
  for (const std::string& remark : remarks_of(comparison))
    text += fmt::format("note: {}\n", remark);
  text += "\nWhere the cycles went (mean over the instances of a unit)\n" +
          where_cycles_went(run.units);
  text += "\nEnergy\n" + energy_by_unit(run.energy);
  text +=
      "\nProvenance: block and head pruning and the approximation follow HDP as recalled and as\n"
      "summarised by third parties; sizes, clock, cycle model and defaults are ours; energies are\n"
      "recalled (45 nm), a DRAM's by the currents of its file. report.json names the source of "
      "every\n"
      "setting.\n";
  return text;
}

}  // namespace hdp
