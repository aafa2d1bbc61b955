// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hdp {

/// The kind of the item that grows with time, whatever a unit does.
inline constexpr std::string_view kLeakage = "leakage";

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

double total_of(const std::vector<UnitCost>& units);

/// Energy in pJ and area in um^2 of every unit the tables cover (sim/machine/energy.md).
struct EnergyReport {
  std::vector<UnitCost> energy_pj;
  std::vector<UnitCost> area_um2;
  [[nodiscard]] double total_pj() const { return total_of(energy_pj); }
  [[nodiscard]] double total_um2() const { return total_of(area_um2); }
};

}  // namespace hdp
