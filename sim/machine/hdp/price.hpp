// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <hdp/machine/energy.hpp>
#include <hdp/machine/hdp/config.hpp>
#include <hdp/machine/hdp/work_totals.hpp>

namespace hdp {

/// What the co-processor did, as prices see it.
struct HdpWork {
  OperandWidths widths;  ///< Of Q and K.
  const std::vector<WorkTotals>& cores;
  std::int64_t importance_bits = 24;  ///< Of a block.
  std::int64_t ranking_cycles = 0;    ///< Of the cascade's top-k engine.
  const MemoryStats& memory;
  const std::optional<DramUse>& dram;
  std::int64_t cycles = 0;
};

/// Prices all of that; the memory by commands and currents where it is a DRAM of ours, else by
/// bytes.
EnergyReport price(const HdpConfig& config, const HdpWork& work);

/// Of all SRAM buffers that have an area: of the contexts of all cores, and FIFOs of top-k engines.
std::int64_t sram_bytes(const HdpConfig& config);

}  // namespace hdp
