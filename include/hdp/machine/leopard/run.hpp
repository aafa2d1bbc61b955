// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <hdp/kernel/critical_path.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/machine/energy.hpp>
#include <hdp/machine/fidelity.hpp>
#include <hdp/machine/leopard/config.hpp>
#include <hdp/machine/phase_record.hpp>
#include <hdp/machine/play_options.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/prune/leopard_decisions.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// Sums over a run of LeOPArd's machine.
struct LeopardTotals {
  std::int64_t groups = 0;          ///< Query heads that share K and V, in a problem;
  std::int64_t pieces = 0;          ///< the pieces that their keys were cut into,
  std::int64_t cut_groups = 0;      ///< groups of more than one,
  std::int64_t rows = 0;            ///< and queries of heads, once for each piece.
  std::int64_t row_loads = 0;       ///< Rows whose q was loaded,
  std::int64_t partial_stores = 0;  ///< and whose sums went to memory, and came back.
  std::int64_t outputs = 0, output_elements = 0;
  std::int64_t pairs = 0, survivors = 0;
  std::int64_t elements = 0;        ///< Of the keys of pairs,
  std::int64_t step_elements = 0;   ///< once for each step that they took,
  std::int64_t value_elements = 0;  ///< and of the rows of V of survivors.
  std::int64_t key_words = 0;       ///< Read from the banks of K: a step, or a part of it,
  std::int64_t value_words = 0;     ///< and from the buffer of V.
  /// Of rows, each as long as the slower of front and back end; with twice the dot-product units,
  /// and with twice the lanes of the value unit.
  std::int64_t row_cycles = 0, row_cycles_twice_units = 0, row_cycles_twice_lanes = 0;
  std::int64_t key_bytes = 0, value_bytes = 0;             ///< Written into those,
  std::int64_t row_read_bytes = 0, row_written_bytes = 0;  ///< and of the row buffer.
};

/// When the phases of a group happened.
struct LeopardGroupRecord {
  std::int64_t sequence = 0, problem = 0, layer = 0, first_head = 0;
  std::array<PhaseRecord, kRecordedPhases> phases{};
};

/// Everything a run found out.
struct LeopardResult {
  LeopardConfig config;
  std::int64_t cycles = 0;
  std::vector<UnitReport> units;
  std::vector<CriticalTime> critical_path;
  TensorBytes read_bytes{}, written_bytes{};
  MemoryStats memory;
  std::optional<DramUse> dram;
  bool foreign_memory = false;
  LeopardTotals totals;
  EnergyReport energy;
  std::vector<LeopardGroupRecord> records;
  std::vector<LeopardDecisions> decisions;  ///< By sequence.
  std::vector<Fidelity> layers{};           ///< With fidelity; of all sequences.
  Fidelity fidelity;
};

/// Plays traces side by side. UserError where a key, or a row, does not fit a buffer.
LeopardResult run_leopard(const LeopardConfig& config, std::span<const Trace> sequences,
                          const PlayOptions& options = {});
inline LeopardResult run_leopard(const LeopardConfig& config, const Trace& trace,
                                 const PlayOptions& options = {}) {
  return run_leopard(config, std::span(&trace, 1), options);
}

/// The counts of all sequences.
LeopardCounts total_of(std::span<const LeopardDecisions> sequences);

}  // namespace hdp
