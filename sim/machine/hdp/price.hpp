// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <hdp/machine/energy.hpp>
#include <hdp/machine/hdp/config.hpp>
#include <hdp/machine/hdp/work_totals.hpp>

namespace hdp {

/// Prices what every core has done and what the memory has moved in `cycles` cycles: by commands
/// and currents where it is a DRAM of ours, else by bytes. `widths` are those of Q and K.
EnergyReport price(const HdpConfig& config, OperandWidths widths,
                   const std::vector<WorkTotals>& cores, const MemoryStats& memory,
                   std::int64_t cycles, const std::optional<DramUse>& dram = {});

}  // namespace hdp
