// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include <hdp/machine/spatten/run.hpp>

namespace hdp::spatten {

/// Prices what the passes ask of the units, and the memory (sim/machine/energy.md).
EnergyReport price(const SpattenConfig& config, const SpattenTotals& totals,
                   const MemoryStats& memory, std::int64_t cycles,
                   const std::optional<DramUse>& dram);

/// Of all SRAM buffers that have an area.
std::int64_t sram_bytes(const SpattenConfig& config);

}  // namespace hdp::spatten
