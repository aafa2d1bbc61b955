// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <hdp/kernel/unit.hpp>
#include <hdp/machine/energy.hpp>
#include <hdp/machine/fidelity.hpp>
#include <hdp/machine/phase_record.hpp>
#include <hdp/machine/play_options.hpp>
#include <hdp/machine/spatten/config.hpp>
#include <hdp/machine/spatten/work.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/prune/spatten_decisions.hpp>
#include <hdp/workload/spatten_workload.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// When the phases of a head happened; `end` is the cycle in which it left the machine.
struct SpattenPassRecord {
  std::int64_t sequence = 0, step = 0, layer = 0, head = 0;
  Cycle end{};
  std::array<PhaseRecord, kRecordedPhases> phases{};
};

/// What the passes of a run asked of the machine: plain sums.
struct SpattenTotals {
  std::int64_t heads = 0, queries = 0;
  std::int64_t score_macs = 0, second_pass_macs = 0, value_macs = 0;
  std::int64_t softmax_entries = 0;  ///< Second passes included.
  std::int64_t second_passes = 0, top_k_queries = 0;
  std::int64_t top_k_cycles = 0, ranking_cycles = 0;
  std::int64_t k_bits_written = 0, k_bits_read = 0, v_bits_written = 0, v_bits_read = 0;
  /// Lines of the buffers, each an element for every multiplier; LSBs write lines a second time.
  std::int64_t k_line_writes = 0, k_line_reads = 0, v_line_writes = 0, v_line_reads = 0;
  std::int64_t score_words = 0;  ///< Of a score for every softmax lane, second passes included.
};

/// Everything a run found out.
struct SpattenResult {
  SpattenConfig config;
  std::int64_t cycles = 0;
  std::vector<UnitReport> units;
  std::vector<CriticalTime> critical_path;
  TensorBytes read_bytes{}, written_bytes{};
  MemoryStats memory;
  std::optional<DramUse> dram;
  bool foreign_memory = false;
  SpattenTotals totals;
  EnergyReport energy;
  std::vector<SpattenPassRecord> records;
  std::vector<SpattenDecisions> decisions{};  ///< Of a trace, by sequence.
  std::int64_t slice_heads = 0;     ///< Query heads of a slice, the most; 0: none share K and V.
  std::int64_t unshared_bytes = 0;  ///< Read, and would not be if heads shared K and V in slices.
  std::vector<Fidelity> layers{};   ///< Of a trace, with fidelity.
  Fidelity fidelity;
};

/// What the rows of a workload file ask for. The file says how many keys and values, not which:
/// they lie evenly spread over the tokens (ours). Bits of -1 are 12, and rows with if_requant take
/// the second pass. UserError, with `origin` and the number of the row, for what the machine cannot
/// hold.
std::vector<SpattenPass> passes_of(const SpattenConfig& config, SpattenFormat format,
                                   std::span<const SpattenRow> rows,
                                   const std::string& origin = {});

/// The decisions on sequences side by side, as passes: step by step, layer by layer, sequence by
/// sequence.
struct SpattenPlan {
  std::vector<SpattenPass> passes{};
  std::vector<SpattenDecisions> decisions{};         ///< By sequence, each decided on alone.
  std::int64_t slice_heads = 0, unshared_bytes = 0;  ///< As in SpattenResult.
};
/// UserError, before anything is decided, where keys or values do not fit the buffers anyhow.
SpattenPlan plan_spatten(const SpattenConfig& config, std::span<const Trace> sequences,
                         unsigned threads);
/// The same, found where a run with the same pruning has left it (PlayOptions::shared).
std::shared_ptr<const SpattenPlan> plan_spatten(const SpattenConfig& config,
                                                std::span<const Trace> sequences,
                                                const PlayOptions& options);

/// Plays passes in order. UserError where a head does not fit the buffers.
SpattenResult play_spatten(const SpattenConfig& config, std::span<const SpattenPass> passes,
                           const PlayOptions& options = {});

/// Adds what was decided on traces to the run, with the output error where `fidelity` says so.
void add_decisions(const SpattenPlan& plan, bool fidelity, SpattenResult& result);

/// What the outputs of a trace are with some of the pruning only.
struct SpattenCause {
  std::string name;
  std::vector<Fidelity> layers;
};
/// Codes alone, then K in two parts where the machine reads it so; nothing is pruned.
std::vector<SpattenCause> causes_before_pruning(const SpattenConfig& config,
                                                std::span<const Trace> sequences, unsigned threads);
/// Adds them to the error of a run that has one, and the run's own as `pruning`.
void add_causes(const std::vector<SpattenCause>& causes, SpattenResult& result);

/// Plans and plays a trace.
SpattenResult run_spatten(const SpattenConfig& config, const Trace& trace,
                          const PlayOptions& options = {});
/// The same for sequences side by side.
SpattenResult run_spatten(const SpattenConfig& config, std::span<const Trace> sequences,
                          const PlayOptions& options = {});

}  // namespace hdp
