// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include <hdp/machine/sta/run.hpp>

namespace hdp::sta {

/// What a run cost: operations times prices, leakage, memory (sim/machine/energy.md).
EnergyReport price(const StaConfig& config, const StaTotals& totals, const MemoryStats& memory,
                   std::int64_t cycles, const std::optional<DramUse>& dram);

/// Of all buffers.
std::int64_t sram_bytes(const StaConfig& config);

}  // namespace hdp::sta
