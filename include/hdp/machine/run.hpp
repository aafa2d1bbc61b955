// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <hdp/kernel/timeline.hpp>
#include <hdp/machine/attention_machine.hpp>
#include <hdp/machine/energy.hpp>
#include <hdp/machine/hdp_config.hpp>
#include <hdp/machine/lowering.hpp>
#include <hdp/numeric/error_measure.hpp>
#include <hdp/prune/hdp_decisions.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

struct RunOptions {
  bool fidelity = true;  ///< Compare the output with dense attention in double.
  unsigned threads = 1;  ///< For the decisions; changes no result.
  IdleCycles idle_cycles = IdleCycles::Skip;
  TimelineSink* timeline = nullptr;
  /// Makes a memory that takes the place of the configuration's (docs/memory.md).
  std::function<std::unique_ptr<MemorySimulator>()> memory{};
  /// Told how many of all (layer, problem) pairs have been played.
  std::function<void(std::int64_t done, std::int64_t total)> observer{};
};

/// Output error over some heads: concatenated, and the mean of the mass they keep.
struct Fidelity {
  ErrorMeasure error;
  double mass_sum = 0;
  std::int64_t heads = 0;
  [[nodiscard]] double mass_kept() const { return mass_sum / static_cast<double>(heads); }
  void add(const Fidelity& other);
};

/// The phases of one head in one problem of a run.
struct RunRecord {
  std::int64_t problem = 0;
  HeadRecord head;
};

/// What the cascade in front of block pruning left of a layer; lists have one value a problem.
struct CascadeLayer {
  std::vector<std::int64_t> live_tokens, kept_tokens, live_heads, kept_heads;
  std::int64_t dense_entries = 0;  ///< Allowed entries of all heads before any pruning;
  std::int64_t live_entries = 0;   ///< between live tokens, in live heads;
  std::int64_t kept_entries = 0;   ///< of those in kept blocks of kept heads.
  std::int64_t ranking_cycles = 0;
};

/// Everything a run found out: plain data for the reports.
struct RunResult {
  HdpConfig config;
  std::int64_t cycles = 0;
  std::vector<UnitReport> units;
  TensorBytes read_bytes{}, written_bytes{};
  MemoryStats memory;
  std::optional<DramUse> dram;  ///< Where the memory is a DRAM of ours.
  bool foreign_memory = false;
  WorkTotals totals;
  EnergyReport energy;
  std::vector<RunRecord> records;
  std::vector<Layout> layouts;  ///< By layer.
  HdpFormats formats;
  // With pruning (dense attention counts saturated values only, and only with fidelity):
  HdpCounts decisions;
  std::vector<CascadeLayer> cascade;  ///< Empty without one.
  double imbalance = 1;  ///< Largest over mean of kept blocks per row block, mean over strips.
  std::vector<Fidelity> layers;  ///< Empty without fidelity.
  Fidelity fidelity;

  [[nodiscard]] double time_ns() const {
    return static_cast<double>(cycles) * 1000.0 / static_cast<double>(config.clock_mhz);
  }
};

/// Plays a whole trace on the machine that `config` describes. UserError where the machine cannot
/// hold it.
RunResult run(const HdpConfig& config, const Trace& trace, const RunOptions& options = {});

/// The same machine with pruning, approximation and progressive fetching off: the baseline `same`.
HdpConfig without_pruning(HdpConfig config);

}  // namespace hdp
