// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <hdp/config/write.hpp>
#include <hdp/report/run_report.hpp>

namespace hdp {
namespace {

constexpr double kLowMass = 0.5;

bool contains_false(const RunResult& run, bool Layout::*choice) {
  return std::ranges::any_of(run.layouts, [=](const auto& layout) { return !(layout.*choice); });
}

}  // namespace

std::string machine_text(const HdpConfig& config) {
  HdpConfig resolved = config;
  resolved.energy_table = kInlineTable;
  return write_settings(resolved);
}

Limiter limiter_of(const RunResult& run) {
  std::map<std::string, std::int64_t> cycles;
  std::int64_t total = 0;
  for (const UnitReport& unit : run.units) {
    if (unit.kind != "pe_array") continue;
    total += unit.total;
    cycles["pe_array"] += unit.busy;
    for (const Counter& reason : unit.blocked) cycles[reason.name] += reason.value;
  }
  Limiter limiter;
  for (const auto& [name, part] : cycles) {
    const double share = total == 0 ? 0 : static_cast<double>(part) / static_cast<double>(total);
    if (share > limiter.share) limiter = {name, share};
  }
  return limiter;
}

std::vector<std::string> remarks_of(const Comparison& comparison) {
  const RunResult& run = comparison.run;
  std::vector<std::string> remarks;
  if (run.config.pruning && !run.layers.empty() && run.fidelity.mass_kept() < kLowMass) {
    const bool absolute = run.config.prune.importance == Importance::Absolute;
    remarks.push_back(fmt::format(
        "Only {:.1f} % of the dense probability mass is kept: {}", 100 * run.fidelity.mass_kept(),
        absolute ? "blocks are ranked by |q.k|, and where most q.k are negative, as in models not "
                   "fine-tuned under pruning, a large |q.k| means a small probability; try --set "
                   "prune.importance=signed."
                 : "try a smaller prune.rho, or more fraction bits."));
  }
  if (run.decisions.q_saturated + run.decisions.k_saturated > 0)
    remarks.push_back(fmt::format(
        "{} values of Q and {} of K saturate in {} fraction bits; prune.fraction_bits=auto chooses "
        "a format from the values.",
        run.decisions.q_saturated, run.decisions.k_saturated, run.formats.qk.fraction_bits));
  if (run.config.prune.masked == Masked::Zero && run.config.pruning)
    remarks.emplace_back(
        "masked=zero: pruned entries stay in the softmax, so all V rows of kept heads are read.");
  if (run.config.pruning && contains_false(run, &Layout::keep_scores))
    remarks.emplace_back(
        "Integer scores of kept blocks are computed again after the head decision (score_store).");
  const bool k_streams = run.config.pruning ? contains_false(run, &Layout::k_frac_resident)
                                            : contains_false(run, &Layout::k_resident);
  if (k_streams || contains_false(run, &Layout::v_resident))
    remarks.emplace_back(
        "K or V of a head do not fit the SRAM and are fetched again for every strip.");
  return remarks;
}

}  // namespace hdp
