// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include <hdp/machine/energy.hpp>
#include <hdp/machine/energy_table.hpp>
#include <hdp/memory/dram_result.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/memory/sram.hpp>

namespace hdp {

inline constexpr double kScoreAccumulatorBits = 32;
inline constexpr double kValueAccumulatorBits = 40;
inline constexpr double kThresholdBits = 32;
inline constexpr double kSoftmaxBits = 16;

/// The table as prices of operations.
class Prices {
 public:
  explicit Prices(const EnergyTable& table) : table_(table) {}
  [[nodiscard]] double multiply(double a, double b) const {
    return table_.multiply_32x32.value * a * b / 1024;
  }
  [[nodiscard]] double add(double bits) const { return table_.add_32.value * bits / 32; }
  [[nodiscard]] double sram(double bits, double bytes) const {
    return table_.sram_64_at_8kib.value * bits / 64 * std::sqrt(bytes / 8192);
  }
  [[nodiscard]] double multiply_area(double a, double b) const {
    return table_.multiply_area_32x32.value * a * b / 1024;
  }
  [[nodiscard]] double add_area(double bits) const { return table_.add_area_32.value * bits / 32; }

  [[nodiscard]] const EnergyTable& table() const { return table_; }

 private:
  const EnergyTable& table_;
};

// Energies and areas of units, by kind: the items have the same names on every machine.

/// Products and sums of an array.
UnitCost price_array(const std::string& instance, double multiply_pj, double add_pj);
/// Multipliers of `word_bits`, each with an adder of `accumulator_bits`.
UnitCost area_of_array(const Prices& prices, const std::string& instance, std::int64_t multipliers,
                       std::int64_t word_bits, double accumulator_bits);
/// Bits through an SRAM of so many bytes.
UnitCost price_sram(const Prices& prices, const std::string& instance, const SramTraffic& traffic,
                    double bytes);
UnitCost area_of_sram(const Prices& prices, const std::string& instance, double bytes);

/// The softmax of so many scores.
UnitCost price_softmax(const Prices& prices, const std::string& instance, std::int64_t count);

/// The memory: by commands and currents where it is a DRAM of ours, else by bytes.
UnitCost price_memory(const EnergyTable& table, const MemoryStats& memory,
                      const std::optional<DramUse>& dram);

/// Leakage of every unit that has a price, where the table has one.
void add_leakage(const EnergyTable& table, std::int64_t cycles, std::int64_t clock_mhz,
                 EnergyReport& report);

}  // namespace hdp
