// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include <hdp/base/file.hpp>
#include <hdp/config/read.hpp>
#include <hdp/machine/energy.hpp>
#include <hdp/machine/energy_table.hpp>

namespace hdp::test {

/// A table of configs/energy, set to a node and cell type.
inline EnergyTable shipped_table(const std::string& name, std::int64_t node_nm, CellType cell) {
  const auto path = std::filesystem::path(HDP_SOURCE_DIR) / "configs" / "energy" / (name + ".json");
  EnergyTable table;
  read_settings(table, read_text(path), path.string());
  table.node_nm = node_nm;
  table.cell_type = cell;
  validate(table);
  return table;
}

inline const UnitCost& cost_of(const std::vector<UnitCost>& units, const std::string& instance) {
  for (const UnitCost& unit : units)
    if (unit.instance == instance) return unit;
  throw std::out_of_range(instance);
}

inline double item(const UnitCost& unit, std::string_view kind) {
  for (const CostItem& item : unit.items)
    if (item.kind == kind) return item.value;
  throw std::out_of_range(std::string(kind));
}

}  // namespace hdp::test
