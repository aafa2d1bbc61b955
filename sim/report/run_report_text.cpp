// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include <hdp/report/run_report.hpp>

namespace hdp {
namespace {

std::string bytes_text(std::int64_t bytes) {
  constexpr std::array kUnits{"B", "kB", "MB", "GB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 10'000 && unit + 1 < kUnits.size(); ++unit) value /= 1000;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string by_tensor(const TensorBytes& bytes) {
  std::string text;
  for (std::size_t t = 0; t < kTensors; ++t)
    if (bytes[t] != 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", EnumNames<Tensor>::kNames[t],
                          bytes_text(bytes[t]));
  return text;
}

/// "core3.pe_array" -> "pe_array".
std::string kind_of_instance(const std::string& instance) {
  return instance.substr(instance.find('.') + 1);
}

struct KindTime {
  std::int64_t instances = 0, total = 0, busy = 0, idle = 0;
  std::map<std::string, std::int64_t> blocked;
};

std::string where_cycles_went(const RunResult& run) {
  std::vector<std::string> order;
  std::map<std::string, KindTime> kinds;
  for (const UnitReport& unit : run.units) {
    const std::string kind = kind_of_instance(unit.instance);
    if (unit.kind == "sequencer") continue;
    if (!kinds.contains(kind)) order.push_back(kind);
    KindTime& time = kinds[kind];
    ++time.instances;
    time.total += unit.total;
    time.busy += unit.busy;
    time.idle += unit.idle;
    for (const Counter& reason : unit.blocked)
      if (reason.value != 0) time.blocked[reason.name] += reason.value;
  }
  std::string text =
      fmt::format("{:<18}{:>6}{:>9}{:>9}   blocked on\n", "unit", "count", "busy", "idle");
  for (const std::string& kind : order) {
    const KindTime& time = kinds[kind];
    const auto share = [&](std::int64_t part) {
      return time.total == 0 ? 0.0
                             : 100.0 * static_cast<double>(part) / static_cast<double>(time.total);
    };
    text += fmt::format("{:<18}{:>6}{:>8.1f}%{:>8.1f}%   ", kind, time.instances, share(time.busy),
                        share(time.idle));
    for (const auto& [reason, cycles] : time.blocked)
      text += fmt::format("{} {:.1f}%  ", reason, share(cycles));
    while (text.back() == ' ') text.pop_back();
    text += '\n';
  }
  return text;
}

std::string energy_by_unit(const RunResult& run) {
  std::vector<std::string> order;
  std::map<std::string, double> kinds;
  for (const UnitCost& unit : run.energy.energy_pj) {
    const std::string kind = kind_of_instance(unit.instance);
    if (!kinds.contains(kind)) order.push_back(kind);
    kinds[kind] += unit.total();
  }
  std::string text;
  for (const std::string& kind : order)
    text += fmt::format("  {:<18}{:>12.3f} uJ{:>8.1f}%\n", kind, kinds[kind] * 1e-6,
                        100 * kinds[kind] / run.energy.total_pj());
  return text;
}

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
  return text;
}

std::string dram_text(const DramUse& use) {
  const DramStats& stats = use.result.total;
  const DramLimiter limiter = use.result.limiter();
  return fmt::format(
      "DRAM               {} ({}): {:.1f} % of {:.1f} GB/s; row hits {}, misses {}, conflicts {}; "
      "limited by {} ({:.1f} %)\n",
      use.config.name, name_of(use.config.controller),
      100 * use.result.bandwidth_fraction(use.config), peak_gb_per_s(use.config), stats.row_hits,
      stats.row_misses, stats.row_conflicts, name_of(limiter.limit), 100 * limiter.share);
}

std::string number_or_dash(const std::optional<double>& value) {
  return value ? fmt::format("{:.4f}", *value) : "-";
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
  if (!run.layers.empty())
    text += fmt::format(
        "output             relative error {}, cosine {}, probability mass kept {:.1f}%\n",
        number_or_dash(run.fidelity.error.relative_frobenius()),
        number_or_dash(run.fidelity.error.cosine()), 100 * run.fidelity.mass_kept());
  text += fmt::format("DRAM bytes         {}; written {}\n", by_tensor(run.read_bytes),
                      by_tensor(run.written_bytes));
  if (run.dram) text += dram_text(*run.dram);
  for (const std::string& remark : remarks_of(comparison))
    text += fmt::format("note: {}\n", remark);
  text += "\nWhere the cycles went (mean over the instances of a unit)\n" + where_cycles_went(run);
  text += "\nEnergy\n" + energy_by_unit(run);
  text +=
      "\nProvenance: block and head pruning and the approximation follow HDP as recalled and as\n"
      "summarised by third parties; sizes, clock, cycle model and defaults are ours; energies are\n"
      "recalled (45 nm), a DRAM's by the currents of its file. report.json names the source of "
      "every\n"
      "setting.\n";
  return text;
}

}  // namespace hdp
