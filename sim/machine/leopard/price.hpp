// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include <hdp/machine/leopard/run.hpp>

namespace hdp::leopard {

/// What a run of the machine costs, and how large it is.
EnergyReport price(const LeopardConfig& config, const LeopardTotals& totals,
                   const MemoryStats& memory, std::int64_t cycles,
                   const std::optional<DramUse>& dram);

/// Of all buffers.
std::int64_t sram_bytes(const LeopardConfig& config);

}  // namespace hdp::leopard
