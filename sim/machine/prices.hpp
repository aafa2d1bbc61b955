// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "machine/sram_macro.hpp"
#include <hdp/machine/energy.hpp>
#include <hdp/machine/energy_table.hpp>
#include <hdp/memory/dram_result.hpp>
#include <hdp/memory/memory.hpp>

namespace hdp {

inline constexpr double kScoreAccumulatorBits = 32;
inline constexpr double kValueAccumulatorBits = 40;
inline constexpr double kThresholdBits = 32;

/// The table as prices of operations, at the node and cell type that it is set to.
class Prices {
 public:
  explicit Prices(const EnergyTable& table) : table_(table), technology_(technology_of(table)) {}

  [[nodiscard]] double multiply(double a, double b) const;
  [[nodiscard]] double add(double bits) const { return energy(table_.add_32, bits / 32); }
  [[nodiscard]] double compare(double bits) const { return energy(table_.compare_32, bits / 32); }
  [[nodiscard]] double store(double bits) const { return energy(table_.register_bit, bits); }
  [[nodiscard]] double mux(double bits) const { return energy(table_.mux_32, bits / 32); }
  [[nodiscard]] double softmax_entry() const { return energy(table_.softmax_entry, 1); }
  /// Bits over a wire, half of which switch.
  [[nodiscard]] double wire(double bits, double mm) const {
    return technology_.wire_pj_per_bit_mm * bits / 2 * mm;
  }

  [[nodiscard]] double multiply_area(double a, double b) const;
  [[nodiscard]] double add_area(double bits) const { return area(table_.add_area_32, bits / 32); }
  [[nodiscard]] double compare_area(double bits) const {
    return area(table_.compare_area_32, bits / 32);
  }
  [[nodiscard]] double store_area(double bits) const {
    return area(table_.register_area_bit, bits);
  }
  [[nodiscard]] double mux_area(double bits) const { return area(table_.mux_area_32, bits / 32); }
  [[nodiscard]] double softmax_lane_area() const { return area(table_.softmax_lane_area, 1); }

  [[nodiscard]] SramPrice sram(const SramBuffer& buffer) const { return price_of(table_, buffer); }
  [[nodiscard]] double leakage_mw(double logic_um2) const {
    return table_.logic_leakage.value * logic_um2 * 1e-6;
  }

 private:
  [[nodiscard]] double energy(const EnergyEntry& entry, double times) const {
    return entry.value * times * technology_.logic_energy;
  }
  [[nodiscard]] double area(const EnergyEntry& entry, double times) const {
    return entry.value * times * technology_.logic_area;
  }

  const EnergyTable& table_;
  const Technology& technology_;
};

/// A unit of a machine: what it did, what it is.
struct PricedUnit {
  std::string instance;
  std::vector<CostItem> energy_pj;
  std::vector<CostItem> area_um2;
  double leakage_mw = 0;
};

/// Logic, which leaks by its area.
PricedUnit logic(const Prices& prices, std::string instance, std::vector<CostItem> energy_pj,
                 std::vector<CostItem> area_um2);

/// A buffer, how often a whole word of it was read and written, and how many alike there are: an
/// access is to one of them, area and leakage are of all.
struct BufferUse {
  std::string instance;
  SramBuffer sram;
  std::int64_t reads = 0, writes = 0;  ///< In words.
  std::int64_t instances = 1;
  [[nodiscard]] std::int64_t bytes() const { return instances * sram.bytes; }
};
PricedUnit priced(const Prices& prices, const BufferUse& use);

/// The softmax of so many scores, on so many lanes.
PricedUnit priced_softmax(const Prices& prices, std::string instance, std::int64_t entries,
                          std::int64_t lanes);

/// The memory: by commands and currents where it is a DRAM of ours, else by bytes.
UnitCost price_memory(const EnergyTable& table, const MemoryStats& memory,
                      const std::optional<DramUse>& dram);

/// What the units cost in `cycles` cycles, leakage included, and behind them the memory.
EnergyReport energy_report(const std::vector<PricedUnit>& units, UnitCost memory,
                           std::int64_t cycles, std::int64_t clock_mhz);

}  // namespace hdp
