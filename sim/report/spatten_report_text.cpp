// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <fmt/format.h>

#include "report/spatten_facts.hpp"
#include "report/text_parts.hpp"
#include <hdp/report/spatten_report.hpp>

namespace hdp {
namespace {

template <class Value>
std::string line(const SpattenComparison& comparison, std::string_view what, Value value) {
  return fmt::format("{:<22}{:>20}{:>22}\n", what, value(comparison.run),
                     comparison.baseline ? value(*comparison.baseline) : std::string());
}

std::string headline(const SpattenComparison& comparison) {
  const SpattenResult& run = comparison.run;
  std::string text = line(comparison, "cycles",
                          [](const SpattenResult& r) { return fmt::format("{}", r.cycles); });
  text += line(comparison, fmt::format("time at {} MHz", run.config.clock_mhz),
               [](const SpattenResult& r) { return fmt::format("{:.3f} us", r.time_ns() / 1000); });
  text += line(comparison, "limited by", [](const SpattenResult& r) {
    const Limiter limiter = limiter_of(r);
    return fmt::format("{} {:.1f}%", limiter.name, 100 * limiter.share);
  });
  text += line(comparison, "DRAM read",
               [](const SpattenResult& r) { return bytes_text(sum_of(r.read_bytes)); });
  text += line(comparison, "energy", [](const SpattenResult& r) {
    return fmt::format("{:.3f} uJ", r.energy.total_pj() * 1e-6);
  });
  if (!comparison.baseline) return text;
  const SpattenResult& base = *comparison.baseline;
  text += fmt::format("{:<22}{:>20}{:>22}\n", "speedup",
                      fmt::format("{:.3f} x", base.time_ns() / run.time_ns()), "1");
  text += fmt::format("{:<22}{:>20}{:>22}\n", "energy ratio",
                      fmt::format("{:.3f} x", base.energy.total_pj() / run.energy.total_pj()), "1");
  return text;
}

}  // namespace

std::string report_text(const SpattenComparison& comparison, const SpattenInput& input) {
  const SpattenResult& run = comparison.run;
  std::string text =
      fmt::format("{} on {} ({}, {} layers x {} heads, {} steps)\n\n", run.config.name, input.name,
                  input.stage, input.layers, input.heads, input.steps);
  text += fmt::format("{:<22}{:>20}{:>22}\n", "", run.config.name,
                      comparison.baseline ? "baseline " + comparison.baseline_name : "");
  text += headline(comparison) + '\n';
  text += fmt::format(
      "heads played       {}; queries {}, of which {} in a second pass, {} in top-k\n",
      run.totals.passes, run.totals.queries, run.totals.second_passes, run.totals.top_k_queries);
  if (!run.layers.empty()) text += fidelity_text(run.fidelity);
  text += fmt::format("DRAM bytes         {}; written {}\n", by_tensor(run.read_bytes),
                      by_tensor(run.written_bytes));
  if (run.dram) text += dram_text(*run.dram);
  for (const std::string& remark : remarks_of(run, input))
    text += fmt::format("note: {}\n", remark);
  text += "\nWhere the cycles went\n" + where_cycles_went(run.units);
  text += "\nEnergy\n" + energy_by_unit(run.energy);
  text +=
      "\nProvenance: the algorithms follow SpAtten as summarised by reviews; widths and latencies\n"
      "are read in the authors' RTL where report.json says so; the rest of the cycle model is\n"
      "ours; energies are recalled (45 nm), a DRAM's by the currents of its file.\n";
  return text;
}

}  // namespace hdp
