// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <hdp/machine/energy.hpp>
#include <hdp/machine/fidelity.hpp>
#include <hdp/machine/hdp/attention_machine.hpp>
#include <hdp/machine/hdp/config.hpp>
#include <hdp/machine/hdp/lowering.hpp>
#include <hdp/machine/play_options.hpp>
#include <hdp/prune/hdp_decisions.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// The phases of one head in one problem of a run.
struct HdpRecord {
  std::int64_t problem = 0;
  HeadRecord head;
};

/// What the cascade in front of block pruning left of a layer; lists have one value a problem.
struct CascadeLayer {
  std::vector<std::int64_t> live_tokens, kept_tokens, live_heads, kept_heads;
  std::vector<std::vector<std::int32_t>> heads;  ///< The live ones, ascending.
  std::int64_t dense_entries = 0;  ///< Allowed entries of all heads before any pruning;
  std::int64_t live_entries = 0;   ///< between live tokens, in live heads;
  std::int64_t kept_entries = 0;   ///< of those in kept blocks of kept heads.
  std::int64_t ranking_cycles = 0;
};

/// Everything a run found out: plain data for the reports.
struct HdpResult {
  HdpConfig config;
  std::int64_t cycles = 0;
  std::vector<UnitReport> units;
  std::vector<CriticalTime> critical_path;
  TensorBytes read_bytes{}, written_bytes{};
  MemoryStats memory;
  std::optional<DramUse> dram;  ///< Where the memory is a DRAM of ours.
  bool foreign_memory = false;
  WorkTotals totals;
  std::int64_t unshared_bytes = 0;  ///< Read, and would not be if heads shared K and V in slices.
  EnergyReport energy;
  std::vector<HdpRecord> records;
  std::int64_t sequences = 1;   ///< Side by side.
  std::vector<Layout> layouts;  ///< Layer after layer of a sequence, one sequence after another.
  HdpFormats formats;
  // With pruning (dense attention counts saturated values only, and only with fidelity):
  HdpCounts decisions;
  std::optional<SplitMode> split_that_ranks;  ///< Where those decisions are degenerate.
  std::vector<CascadeLayer> cascade;          ///< Empty without one; in the order of layouts.
  double imbalance = 1;  ///< Largest over mean of kept blocks per row block, mean over strips.
  std::vector<Fidelity> layers;  ///< Empty without fidelity.
  Fidelity fidelity;
};

/// Plays a whole trace on the machine that `config` describes. UserError where the machine cannot
/// hold it.
HdpResult run_hdp(const HdpConfig& config, const Trace& trace, const PlayOptions& options = {});
/// The same with sequences of a batch side by side: a problem of all, layer by layer. Decisions are
/// each sequence's own; one fixed-point format serves all.
HdpResult run_hdp(const HdpConfig& config, std::span<const Trace> sequences,
                  const PlayOptions& options = {});

}  // namespace hdp
