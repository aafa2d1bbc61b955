// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <hdp/kernel/critical_path.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/machine/energy.hpp>
#include <hdp/machine/fidelity.hpp>
#include <hdp/machine/phase_record.hpp>
#include <hdp/machine/play_options.hpp>
#include <hdp/machine/token_picker/config.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/prune/token_picker_decisions.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// Sums over a run of Token-Picker's machine.
struct TokenPickerTotals {
  std::int64_t slices = 0, queries = 0;
  std::int64_t margin_elements = 0;       ///< Of queries, through the margin generator.
  std::vector<std::int64_t> chunks_read;  ///< Of keys, by chunk: once for all queries of a slice,
  std::int64_t value_rows_read = 0;       ///< and rows of V.
  std::int64_t score_macs = 0;            ///< Elements of chunks times those of queries,
  std::int64_t value_macs = 0;            ///< and of V times probabilities;
  std::int64_t score_products = 0, value_products = 0;  ///< products of a multiplier for them.
  std::int64_t key_words = 0, value_words = 0;          ///< Of the buffer, read by lanes.
  std::int64_t partial_scores = 0;                      ///< Chunks, for each query that met one.
  std::int64_t tests = 0;                               ///< Bounds that were tested.
  std::int64_t softmax_entries = 0;
};

/// When the phases of a slice happened.
struct TokenPickerSliceRecord {
  std::int64_t sequence = 0, problem = 0, layer = 0, first_head = 0;
  std::array<PhaseRecord, kRecordedPhases> phases{};
};

/// Everything a run found out.
struct TokenPickerResult {
  TokenPickerConfig config;
  std::int64_t cycles = 0;
  std::vector<UnitReport> units;
  std::vector<CriticalTime> critical_path;
  TensorBytes read_bytes{}, written_bytes{};
  MemoryStats memory;
  std::optional<DramUse> dram;
  bool foreign_memory = false;
  TokenPickerTotals totals;
  EnergyReport energy;
  std::vector<TokenPickerSliceRecord> records;
  std::vector<TokenPickerDecisions> decisions;  ///< What the run did, by sequence.
  /// What the reference order would have done; empty where nothing is estimated.
  std::vector<TokenPickerDecisions> reference{};
  std::vector<Fidelity> layers{};  ///< With fidelity; of all sequences.
  Fidelity fidelity;
};

/// Plays traces side by side. UserError where a head does not fit the buffers.
TokenPickerResult run_token_picker(const TokenPickerConfig& config,
                                   std::span<const Trace> sequences,
                                   const PlayOptions& options = {});
inline TokenPickerResult run_token_picker(const TokenPickerConfig& config, const Trace& trace,
                                          const PlayOptions& options = {}) {
  return run_token_picker(config, std::span(&trace, 1), options);
}

/// The counts of all sequences.
TokenPickerCounts total_of(std::span<const TokenPickerDecisions> sequences);

}  // namespace hdp
