// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <hdp/kernel/critical_path.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/machine/energy.hpp>
#include <hdp/machine/energy_table.hpp>
#include <hdp/machine/layer/config.hpp>
#include <hdp/machine/layer/steps.hpp>
#include <hdp/machine/play_options.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/units/matrix_engine.hpp>

namespace hdp {

/// Sums over the steps, known before they are played.
struct LayerTotals {
  std::int64_t products = 0;         ///< Of multipliers, stored padding included,
  std::int64_t sparse_products = 0;  ///< and those whose activation was selected.
  std::int64_t vector_operations = 0;
  std::int64_t weight_bits = 0, input_bits = 0;  ///< From the buffers to the array,
  std::int64_t output_bits = 0;                  ///< and into the output buffer.

  void add(const LayerTotals& other);
};

/// A step, from its first pass or job to its last write, in cycles of the run.
struct LayerPhase {
  std::string name;
  std::int64_t start = 0, end = 0;
};

/// What playing steps took.
struct LayerResult {
  std::int64_t cycles = 0;
  std::vector<UnitReport> units;
  std::vector<CriticalTime> critical_path;
  TensorBytes read_bytes{}, written_bytes{};
  MemoryStats memory;
  std::optional<DramUse> dram;
  std::vector<Counter> macs;  ///< By phase: of weights that are kept, without padding.
  LayerTotals totals;
  std::vector<LayerPhase> phases;  ///< In the order of the steps.
  /// Energy of all that was done, memory included; area of what the group `layer` adds: buffers,
  /// vector unit, selectors. The array is the machine's.
  EnergyReport energy;
  std::int64_t sram_bytes = 0;  ///< Of those buffers.
};

/// Plays steps one after another on an array, cycle by cycle; the next step's weights are loaded
/// as early as there is room. A pure function. Of `options` it takes idle skipping, timeline,
/// memory and the order of ticks (of its own 8 units). UserError where a buffer is too small.
LayerResult play_layer(const LayerConfig& config, const MatrixArray& array,
                       const MemoryConfig& memory, std::int64_t clock_mhz,
                       const EnergyTable& energy, std::span<const LayerStep> steps,
                       const PlayOptions& options = {});

/// Of the buffers of the group.
std::int64_t layer_sram_bytes(const LayerConfig& config);

}  // namespace hdp
