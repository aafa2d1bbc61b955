// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hdp/machine/attention_machine.hpp>
#include <hdp/machine/hdp_config.hpp>
#include <hdp/machine/head_work.hpp>

namespace hdp {

/// A share of a unit's energy or area.
struct CostItem {
  std::string kind;
  double value = 0;
};

struct UnitCost {
  std::string instance;
  std::vector<CostItem> items;
  [[nodiscard]] double total() const;
};

/// Energy in pJ and area in um^2 of every unit the tables cover (sim/machine/energy.md).
struct EnergyReport {
  std::vector<UnitCost> energy_pj;
  std::vector<UnitCost> area_um2;
  [[nodiscard]] double total_pj() const;
  [[nodiscard]] double total_um2() const;
};

/// Prices what every core has done and what the memory has moved in `cycles` cycles: by commands
/// and currents where it is a DRAM of ours, else by bytes. `widths` are those of Q and K.
EnergyReport price(const HdpConfig& config, OperandWidths widths,
                   const std::vector<WorkTotals>& cores, const MemoryStats& memory,
                   std::int64_t cycles, const std::optional<DramUse>& dram = {});

}  // namespace hdp
