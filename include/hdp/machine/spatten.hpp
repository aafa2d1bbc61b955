// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include <hdp/kernel/idle_cycles.hpp>
#include <hdp/kernel/timeline.hpp>
#include <hdp/machine/attention_machine.hpp>
#include <hdp/machine/energy.hpp>
#include <hdp/machine/phase_record.hpp>
#include <hdp/machine/run.hpp>
#include <hdp/machine/spatten_config.hpp>
#include <hdp/machine/spatten_work.hpp>
#include <hdp/prune/spatten_decisions.hpp>
#include <hdp/workload/spatten_workload.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// When the phases of a head happened; `end` is the cycle in which it left the machine.
struct SpattenPassRecord {
  std::int64_t step = 0, layer = 0, head = 0;
  Cycle end{};
  std::array<PhaseRecord, kRecordedPhases> phases{};
};

/// What the passes of a run asked of the machine: plain sums.
struct SpattenTotals {
  std::int64_t passes = 0, queries = 0;
  std::int64_t score_macs = 0, second_pass_macs = 0, value_macs = 0;
  std::int64_t softmax_entries = 0;  ///< Second passes included.
  std::int64_t second_passes = 0, top_k_queries = 0;
  std::int64_t top_k_cycles = 0, ranking_cycles = 0;
  std::int64_t k_bits_written = 0, k_bits_read = 0, v_bits_written = 0, v_bits_read = 0;
};

/// Everything a run found out.
struct SpattenResult {
  SpattenConfig config;
  std::int64_t cycles = 0;
  std::vector<UnitReport> units;
  TensorBytes read_bytes{}, written_bytes{};
  MemoryStats memory;
  std::optional<DramUse> dram;
  SpattenTotals totals;
  EnergyReport energy;
  std::vector<SpattenPassRecord> records;
  std::optional<SpattenDecisions> decisions{};  ///< Of a trace.
  std::vector<Fidelity> layers{};               ///< Of a trace, with fidelity.
  Fidelity fidelity;

  [[nodiscard]] double time_ns() const {
    return static_cast<double>(cycles) * 1000.0 / static_cast<double>(config.clock_mhz);
  }
};

struct SpattenOptions {
  bool fidelity = true;  ///< Of a trace: compare the output with dense attention in double.
  IdleCycles idle_cycles = IdleCycles::Skip;
  TimelineSink* timeline = nullptr;
  unsigned threads = 1;              ///< For the decisions; changes no result.
  std::vector<std::size_t> order{};  ///< Of the units' ticks; changes no result.
  /// Called now and then with the passes that have ended.
  std::function<void(std::int64_t done, std::int64_t total)> observer{};
};

/// What the rows of a workload file ask for. The file says how many keys and values, not which:
/// they lie evenly spread over the tokens (ours). Bits of -1 are 12, and rows with if_requant take
/// the second pass. UserError for what the machine cannot hold.
std::vector<SpattenPass> passes_of(const SpattenConfig& config, SpattenFormat format,
                                   std::span<const SpattenRow> rows);

/// The decisions on a trace, as passes.
struct SpattenPlan {
  std::vector<SpattenPass> passes;
  SpattenDecisions decisions;
};
SpattenPlan plan_spatten(const SpattenConfig& config, const Trace& trace, unsigned threads);

/// Plays passes in order. UserError where a head does not fit the buffers.
SpattenResult play_spatten(const SpattenConfig& config, std::span<const SpattenPass> passes,
                           const SpattenOptions& options = {});

/// Plans and plays a trace.
SpattenResult run_spatten(const SpattenConfig& config, const Trace& trace,
                          const SpattenOptions& options = {});

}  // namespace hdp
