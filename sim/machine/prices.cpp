// SPDX-License-Identifier: Apache-2.0
#include "machine/prices.hpp"

#include <hdp/memory/dram_energy.hpp>

namespace hdp {
namespace {

UnitCost price_bytes(const EnergyTable& table, const MemoryStats& memory) {
  const double bit = table.dram_bit.value;
  return {"memory",
          {{"read", static_cast<double>(8 * memory.read_bytes) * bit},
           {"write", static_cast<double>(8 * memory.written_bytes) * bit}}};
}

UnitCost price_dram(const DramUse& use) {
  const DramEnergy energy = energy_of(use.config, use.result);
  return {"memory",
          {{"activate", energy.activate_pj},
           {"read", energy.read_pj},
           {"write", energy.write_pj},
           {"refresh", energy.refresh_pj},
           {"active_standby", energy.active_standby_pj},
           {"precharged_standby", energy.precharged_standby_pj}}};
}

}  // namespace

double UnitCost::total() const {
  double total = 0;
  for (const CostItem& item : items) total += item.value;
  return total;
}

double total_of(const std::vector<UnitCost>& units) {
  double total = 0;
  for (const UnitCost& unit : units) total += unit.total();
  return total;
}

UnitCost price_array(const std::string& instance, double multiply_pj, double add_pj) {
  return {instance, {{"multiply", multiply_pj}, {"add", add_pj}}};
}

UnitCost area_of_array(const Prices& prices, const std::string& instance, std::int64_t multipliers,
                       std::int64_t word_bits, double accumulator_bits) {
  const auto count = static_cast<double>(multipliers);
  const auto word = static_cast<double>(word_bits);
  return {instance,
          {{"multipliers", count * prices.multiply_area(word, word)},
           {"adders", count * prices.add_area(accumulator_bits)}}};
}

UnitCost price_sram(const Prices& prices, const std::string& instance, const SramTraffic& traffic,
                    double bytes) {
  return {instance,
          {{"read", prices.sram(static_cast<double>(traffic.bits_read), bytes)},
           {"write", prices.sram(static_cast<double>(traffic.bits_written), bytes)}}};
}

UnitCost area_of_sram(const Prices& prices, const std::string& instance, double bytes) {
  return {instance, {{"bits", bytes * 8 * prices.table().sram_area_bit.value}}};
}

UnitCost price_softmax(const Prices& prices, const std::string& instance, std::int64_t count) {
  const double operation = prices.multiply(kSoftmaxBits, kSoftmaxBits) + prices.add(kThresholdBits);
  const auto entries = static_cast<double>(count);
  return {instance,
          {{"exponential", entries * prices.table().exponential_operations.value * operation},
           {"accumulate", entries * prices.add(kThresholdBits)},
           {"divide", entries * prices.table().divide_operations.value * operation}}};
}

UnitCost price_memory(const EnergyTable& table, const MemoryStats& memory,
                      const std::optional<DramUse>& dram) {
  return dram ? price_dram(*dram) : price_bytes(table, memory);
}

void add_leakage(const EnergyTable& table, std::int64_t cycles, std::int64_t clock_mhz,
                 EnergyReport& report) {
  if (const double leakage = table.leakage_mw_per_unit.value; leakage > 0) {
    // 1 mW for a nanosecond is 1 pJ.
    const double ns = static_cast<double>(cycles) * 1000.0 / static_cast<double>(clock_mhz);
    for (UnitCost& unit : report.energy_pj) unit.items.push_back({"leakage", leakage * ns});
  }
}

}  // namespace hdp
