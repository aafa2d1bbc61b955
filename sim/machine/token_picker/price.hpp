// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include <hdp/machine/token_picker/run.hpp>

namespace hdp::token_picker {

/// Prices what a run asked of the units, and the memory (sim/machine/energy.md).
EnergyReport price(const TokenPickerConfig& config, const TokenPickerTotals& totals,
                   const MemoryStats& memory, std::int64_t cycles,
                   const std::optional<DramUse>& dram);

/// Of all SRAM buffers that have an area.
std::int64_t sram_bytes(const TokenPickerConfig& config);

}  // namespace hdp::token_picker
