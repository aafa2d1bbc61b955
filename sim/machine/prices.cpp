// SPDX-License-Identifier: Apache-2.0
#include "machine/prices.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

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
  UnitCost cost{"memory", {}};
  for (const DramEnergyLine& line : kDramEnergyLines)
    cost.items.push_back({std::string(line.name), energy.*line.pj});
  return cost;
}

double size_of(const MultiplierEntry& entry) {
  return static_cast<double>(entry.a_bits) * static_cast<double>(entry.b_bits);
}

/// By a power of a * b through the two entries around it, or the nearest two; in proportion to it
/// where there is but one.
double by_size(std::vector<MultiplierEntry> entries, double a, double b,
               double MultiplierEntry::*member) {
  const double size = a * b;
  if (size == 0) return 0;
  std::ranges::sort(entries, {}, size_of);
  if (entries.size() == 1) return entries[0].*member * size / size_of(entries[0]);
  std::size_t above = 1;
  while (above + 1 < entries.size() && size > size_of(entries[above])) ++above;
  const MultiplierEntry &low = entries[above - 1], &high = entries[above];
  const double share = std::log2(size / size_of(low)) / std::log2(size_of(high) / size_of(low));
  return low.*member * std::pow(high.*member / low.*member, share);
}

double sum_of(const std::vector<CostItem>& items) {
  double sum = 0;
  for (const CostItem& item : items) sum += item.value;
  return sum;
}

}  // namespace

double UnitCost::total() const { return sum_of(items); }

double total_of(const std::vector<UnitCost>& units) {
  double total = 0;
  for (const UnitCost& unit : units) total += unit.total();
  return total;
}

double Prices::multiply(double a, double b) const {
  return by_size(table_.multipliers, a, b, &MultiplierEntry::energy_pj) * technology_.logic_energy;
}

double Prices::multiply_area(double a, double b) const {
  return by_size(table_.multipliers, a, b, &MultiplierEntry::area_um2) * technology_.logic_area;
}

PricedUnit logic(const Prices& prices, std::string instance, std::vector<CostItem> energy_pj,
                 std::vector<CostItem> area_um2) {
  const double leakage = prices.leakage_mw(sum_of(area_um2));
  return {std::move(instance), std::move(energy_pj), std::move(area_um2), leakage};
}

PricedUnit priced(const Prices& prices, const BufferUse& use) {
  const SramPrice one = prices.sram(use.sram);
  const auto count = static_cast<double>(use.instances);
  return {use.instance,
          {{"read", static_cast<double>(use.reads) * one.read_pj},
           {"write", static_cast<double>(use.writes) * one.write_pj}},
          {{"sram", count * one.area_um2}},
          count * one.leakage_mw};
}

PricedUnit priced_softmax(const Prices& prices, std::string instance, std::int64_t entries,
                          std::int64_t lanes) {
  const auto scores = static_cast<double>(entries);
  const auto wide = static_cast<double>(lanes);
  return logic(prices, std::move(instance),
               {{"exponential_and_divide", scores * prices.softmax_entry()},
                {"accumulate", scores * prices.add(kThresholdBits)}},
               {{"lanes", wide * prices.softmax_lane_area()},
                {"accumulators", wide * prices.add_area(kThresholdBits)}});
}

UnitCost price_memory(const EnergyTable& table, const MemoryStats& memory,
                      const std::optional<DramUse>& dram) {
  return dram ? price_dram(*dram) : price_bytes(table, memory);
}

EnergyReport energy_report(const std::vector<PricedUnit>& units, UnitCost memory,
                           std::int64_t cycles, std::int64_t clock_mhz) {
  // 1 mW for a nanosecond is 1 pJ.
  const double ns = static_cast<double>(cycles) * 1000.0 / static_cast<double>(clock_mhz);
  EnergyReport report;
  for (const PricedUnit& unit : units) {
    UnitCost& energy = report.energy_pj.emplace_back(UnitCost{unit.instance, unit.energy_pj});
    if (unit.leakage_mw > 0) energy.items.push_back({std::string(kLeakage), unit.leakage_mw * ns});
    report.area_um2.push_back({unit.instance, unit.area_um2});
  }
  report.energy_pj.push_back(std::move(memory));
  return report;
}

}  // namespace hdp
