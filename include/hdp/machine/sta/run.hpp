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
#include <hdp/machine/layer/play.hpp>
#include <hdp/machine/phase_record.hpp>
#include <hdp/machine/play_options.hpp>
#include <hdp/machine/sta/config.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/prune/code_attention.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// Sums over a run of attention, known before it is played.
struct StaTotals {
  LayerTotals engine;  ///< Of the array, its buffers and the vector unit.
  std::int64_t strips = 0;
  std::int64_t score_macs = 0, value_macs = 0;  ///< Of allowed pairs; the array makes whole tiles.
  std::int64_t softmax_entries = 0;
  std::int64_t score_bits_written = 0, score_bits_read = 0;  ///< Of the score buffer.
  TensorBytes read_bytes{}, written_bytes{};                 ///< What the schedule moves.
};

/// When the phases of the query heads that share K and V happened.
struct StaRecord {
  std::int64_t sequence = 0, problem = 0, layer = 0, first_head = 0;
  std::array<PhaseRecord, kRecordedPhases> phases{};
};

/// Everything a run found out.
struct StaResult {
  StaConfig config;
  std::int64_t cycles = 0;
  std::vector<UnitReport> units;
  std::vector<CriticalTime> critical_path;
  TensorBytes read_bytes{}, written_bytes{};
  MemoryStats memory;
  std::optional<DramUse> dram;
  bool foreign_memory = false;
  StaTotals totals;
  EnergyReport energy;
  std::vector<StaRecord> records;
  CodeAttentionCounts counts;      ///< With fidelity, as the layers and their sum.
  std::vector<Fidelity> layers{};  ///< Of all sequences.
  Fidelity fidelity;
};

/// Plays the attention of traces side by side. UserError where a strip does not fit the buffers.
StaResult run_sta(const StaConfig& config, std::span<const Trace> sequences,
                  const PlayOptions& options = {});
inline StaResult run_sta(const StaConfig& config, const Trace& trace,
                         const PlayOptions& options = {}) {
  return run_sta(config, std::span(&trace, 1), options);
}

}  // namespace hdp
