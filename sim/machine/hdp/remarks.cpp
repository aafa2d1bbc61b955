// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/remarks.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace hdp {
namespace {

constexpr double kLowMass = 0.5;

/// What mends a mass that is too low, of what is not set yet.
std::string_view more_mass(const HdpSettings& prune) {
  if (prune.importance == Importance::Absolute)
    return "blocks are ranked by |q.k|, and where most q.k are negative, as in models not "
           "fine-tuned under pruning, a large |q.k| means a small probability; try --set "
           "prune.importance=signed.";
  return prune.rule == PruneRule::TopK ? "try a larger prune.keep." : "try a smaller prune.rho.";
}

/// Values of Q and K in all layers.
double stored_values(const HdpResult& run) {
  std::int64_t values = 0;
  for (const Layout& layout : run.layouts)
    values += layout.shape.d *
              (layout.shape.heads * layout.shape.n_q + layout.shape.kv_heads * layout.shape.n_k);
  return static_cast<double>(values);
}

/// Whether more values saturate than the settings let.
bool saturates(const HdpResult& run) {
  const HdpSettings& prune = run.config.prune;
  const double let = prune.fraction_bits ? 0.0 : prune.max_saturated * stored_values(run);
  return static_cast<double>(run.decisions.q_saturated + run.decisions.k_saturated) > let;
}

void add_saturation(const HdpResult& run, std::vector<std::string>& remarks) {
  if (!saturates(run)) return;
  const HdpCounts& counts = run.decisions;
  const bool chosen = !run.config.prune.fraction_bits;
  remarks.push_back(
      fmt::format("{} values of Q and {} of K saturate in {} fraction bits; {}", counts.q_saturated,
                  counts.k_saturated, run.formats.qk.fraction_bits,
                  chosen ? "no format of so many bits holds them; try a larger prune.word_bits."
                         : "prune.fraction_bits=auto chooses a format from the values."));
}

/// Importances that are all equal rank nothing.
void add_degenerate(const HdpResult& run, std::vector<std::string>& remarks) {
  const HdpCounts& counts = run.decisions;
  if (!counts.degenerate()) return;
  std::string planes;
  const auto name = [&](std::string_view tensor, std::int64_t heads) {
    if (2 * heads >= counts.heads_read)
      planes += fmt::format("{} {}", planes.empty() ? "" : " and", tensor);
  };
  name("Q", counts.zero_q_heads);
  name("K", counts.zero_k_heads);
  std::string remark = fmt::format(
      "The importances of {:.0f} % of the rows of blocks are all equal, so that nothing is ranked",
      100 * static_cast<double>(counts.flat_rows) / static_cast<double>(counts.wide_rows));
  if (!planes.empty())
    remark += fmt::format(": the integer plane of{} is empty, as where values are scaled below 1",
                          planes);
  if (2 * counts.zero_q_heads >= counts.heads_read)
    remark += "; the softmax divides by sqrt(d): store Q undivided if it is divided already";
  if (run.split_that_ranks)
    remark += fmt::format(
        "; to rank what there is, roughly (compare the error), try --set prune.split={}",
        name_of(*run.split_that_ranks));
  else
    remark += saturates(run) ? "; no prune.split mends it"
                             : "; no prune.split mends it: scale the values up";
  remarks.push_back(remark + ".");
}

bool contains_false(const HdpResult& run, bool Layout::*choice) {
  return std::ranges::any_of(run.layouts, [=](const auto& layout) { return !(layout.*choice); });
}

/// What the heads and the cores leave of each other.
void add_schedule(const HdpResult& run, std::vector<std::string>& remarks) {
  std::int64_t idle = 0, slices = 0, rows = run.config.core.pe_array.rows;
  for (const Layout& layout : run.layouts) {
    const LayerShape& shape = layout.shape;
    slices =
        run.sequences * shape.kv_heads * ceil_div(shape.heads / shape.kv_heads, layout.slice_heads);
    idle = std::max(idle, run.config.cores - slices);
    if (shape.n_q > layout.strip_rows) rows = std::min(rows, layout.strip_rows);
  }
  if (idle > 0)
    remarks.push_back(fmt::format("{} {} on {} cores: {} {} no work.", slices,
                                  slices == 1 ? "slice of heads" : "slices of heads",
                                  run.config.cores, idle, idle == 1 ? "has" : "have"));
  if (rows < run.config.core.pe_array.rows)
    remarks.push_back(
        fmt::format("Strips have {} rows on an array of {}: the SRAMs of the core hold no more.",
                    rows, run.config.core.pe_array.rows));
  if (run.unshared_bytes > 0)
    remarks.push_back(fmt::format(
        "Query heads that share K and V fetch them apart: scheduling.slice_heads=0 would "
        "read {:.1f} kB less.",
        static_cast<double>(run.unshared_bytes) / 1e3));
}

}  // namespace

std::vector<std::string> remarks_of(const HdpResult& run) {
  std::vector<std::string> remarks;
  if (run.config.pruning && !run.layers.empty() && run.fidelity.mass_kept() < kLowMass) {
    remarks.push_back(fmt::format("Only {:.1f} % of the dense probability mass is kept: {}",
                                  100 * run.fidelity.mass_kept(), more_mass(run.config.prune)));
  }
  add_degenerate(run, remarks);
  add_saturation(run, remarks);
  if (run.config.prune.masked == Masked::Zero && run.config.pruning)
    remarks.emplace_back(
        "masked=zero: pruned entries stay in the softmax, so all V rows of kept heads are read.");
  if (run.config.pruning && contains_false(run, &Layout::keep_scores))
    remarks.emplace_back(
        "Integer scores of kept blocks are computed again after the head decision (score_store).");
  add_schedule(run, remarks);
  const bool k_streams = run.config.pruning ? contains_false(run, &Layout::k_frac_resident)
                                            : contains_false(run, &Layout::k_resident);
  if (k_streams || contains_false(run, &Layout::v_resident))
    remarks.push_back(
        fmt::format("K or V of a head do not fit the SRAM: they come in pieces{}.",
                    run.totals.further_groups > 0 ? ", again for every group of strips" : ""));
  return remarks;
}

}  // namespace hdp
