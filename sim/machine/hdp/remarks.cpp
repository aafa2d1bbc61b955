// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/remarks.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace hdp {
namespace {

constexpr double kLowMass = 0.5;

bool contains_false(const HdpResult& run, bool Layout::*choice) {
  return std::ranges::any_of(run.layouts, [=](const auto& layout) { return !(layout.*choice); });
}

}  // namespace

std::vector<std::string> remarks_of(const HdpResult& run) {
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
