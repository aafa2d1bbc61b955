// SPDX-License-Identifier: Apache-2.0
// Energy and area of sim/machine/energy.md, by hand.
#include <cmath>

#include <gtest/gtest.h>

#include "machine/hdp/price.hpp"

namespace hdp {
namespace {

constexpr OperandWidths kWidths{16, 4};

/// One core with SRAMs of 8 KiB and a context: an SRAM word costs what the table says.
HdpConfig one_core() {
  HdpConfig config;
  config.cores = 1;
  config.core.contexts = 1;
  config.core.q_sram = config.core.k_sram = config.core.v_sram = config.core.score_sram =
      config.core.mask_sram = {.bytes = 8192, .banks = 1, .word_bits = 64};
  return config;
}

const UnitCost& cost_of(const std::vector<UnitCost>& units, const std::string& instance) {
  for (const UnitCost& unit : units)
    if (unit.instance == instance) return unit;
  throw std::out_of_range(instance);
}

double item(const UnitCost& unit, const std::string& kind) {
  for (const CostItem& item : unit.items)
    if (item.kind == kind) return item.value;
  throw std::out_of_range(kind);
}

WorkTotals some_work() {
  WorkTotals work;
  work.macs = {1000, 200, 0, 100};  // integer, fraction, score, value
  work.recompute_macs = 50;
  work.blocks = 30;
  work.softmax_entries = 40;
  work.traffic.read[static_cast<std::size_t>(Buffer::K)] = 100;  // words of 64 bits
  work.traffic.written[static_cast<std::size_t>(Buffer::V)] = 10;
  return work;
}

double energy(const HdpConfig& config, const std::string& instance, const std::string& kind) {
  const MemoryStats memory{.reads = 2, .writes = 1, .read_bytes = 100, .written_bytes = 10};
  const EnergyReport report = price(config, kWidths, {some_work()}, memory, 500);
  return item(cost_of(report.energy_pj, instance), kind);
}

TEST(EnergyTest, AUniformArrayUsesWholeMultipliers) {
  // 1350 products of 16 x 16 bits at 3.1 / 4; 1250 additions of 32 bits, 100 of 40.
  EXPECT_DOUBLE_EQ(energy(one_core(), "core0.pe_array", "multiply"), 1350 * 3.1 / 4);
  EXPECT_DOUBLE_EQ(energy(one_core(), "core0.pe_array", "add"), 1250 * 0.1 + 100 * 0.125);
}

TEST(EnergyTest, OtherArraysUseMultipliersAsWideAsThePlanes) {
  HdpConfig config = one_core();
  for (const Precision precision : {Precision::Fused, Precision::Split}) {
    config.core.pe_array.precision = precision;
    config.prune.approximation = true;
    EXPECT_DOUBLE_EQ(energy(config, "core0.pe_array", "multiply"),
                     (1050 * 16.0 + 200 * 48.0 + 100 * 256.0) * 3.1 / 1024);
    config.prune.approximation = false;  // two of three products mixed, one fraction x fraction
    EXPECT_DOUBLE_EQ(energy(config, "core0.pe_array", "multiply"),
                     (1050 * 16.0 + 200 * (48.0 + 48 + 144) / 3 + 100 * 256.0) * 3.1 / 1024);
  }
}

TEST(EnergyTest, TheOtherUnits) {
  const HdpConfig config = one_core();
  EXPECT_DOUBLE_EQ(energy(config, "core0.sparsity_engine", "add"), 30 * 4 * 0.05);
  EXPECT_DOUBLE_EQ(energy(config, "core0.sparsity_engine", "compare"), 30 * 3 * 0.1);
  const double operation = 3.1 / 4 + 0.1;
  EXPECT_DOUBLE_EQ(energy(config, "core0.softmax", "exponential"), 40 * 8 * operation);
  EXPECT_DOUBLE_EQ(energy(config, "core0.softmax", "accumulate"), 40 * 0.1);
  EXPECT_DOUBLE_EQ(energy(config, "core0.softmax", "divide"), 40 * 4 * operation);
  EXPECT_DOUBLE_EQ(energy(config, "core0.k_sram", "read"), 100 * 10.0);
  EXPECT_DOUBLE_EQ(energy(config, "core0.k_sram", "write"), 0);
  EXPECT_DOUBLE_EQ(energy(config, "core0.v_sram", "write"), 10 * 10.0);
  EXPECT_DOUBLE_EQ(energy(config, "memory", "read"), 800 * 15.0);
  EXPECT_DOUBLE_EQ(energy(config, "memory", "write"), 80 * 15.0);
}

TEST(EnergyTest, TheTotalIsTheSumAndScalesWithTheTable) {
  HdpConfig config = one_core();
  const double total = price(config, kWidths, {some_work()}, {2, 1, 100, 10}, 500).total_pj();
  const double by_hand = 1350 * 3.1 / 4 + 1250 * 0.1 + 100 * 0.125 + 6 + 9 +
                         40 * 12 * (3.1 / 4 + 0.1) + 4 + 1000 + 100 + 880 * 15.0;
  EXPECT_NEAR(total, by_hand, 1e-9 * by_hand);
  config.energy.multiply_32x32.value *= 2;
  config.energy.add_32.value *= 2;
  config.energy.sram_64_at_8kib.value *= 2;
  config.energy.dram_bit.value *= 2;
  EXPECT_NEAR(price(config, kWidths, {some_work()}, {2, 1, 100, 10}, 500).total_pj(), 2 * by_hand,
              1e-9 * by_hand);
}

TEST(EnergyTest, SramGrowsWithTheRootOfItsSizeWhateverTheContexts) {
  HdpConfig config = one_core();
  config.core.k_sram.bytes = 4 * 8192;
  EXPECT_DOUBLE_EQ(energy(config, "core0.k_sram", "read"), 100 * 10.0 * 2);
  config.core.contexts = 4;  // each has a buffer of its own
  EXPECT_DOUBLE_EQ(energy(config, "core0.k_sram", "read"), 100 * 10.0 * 2);
}

TEST(EnergyTest, LeakageIsPowerTimesTimeForEveryUnit) {
  HdpConfig config = one_core();
  config.energy.leakage_mw_per_unit.value = 2;
  config.clock_mhz = 500;  // 500 cycles are 1000 ns
  const EnergyReport report = price(config, kWidths, {WorkTotals{}}, {}, 500);
  ASSERT_EQ(report.energy_pj.size(), 9U);  // array, engine, softmax, five SRAMs, memory
  for (const UnitCost& unit : report.energy_pj) EXPECT_DOUBLE_EQ(item(unit, "leakage"), 2000);
  EXPECT_DOUBLE_EQ(report.total_pj(), 18'000);
}

TEST(EnergyTest, AreaOfHdpEdge) {
  HdpConfig config;  // configs/machines/hdp_edge.json: 8 x 8, two cores, two contexts
  config.core.k_sram.bytes = config.core.v_sram.bytes = 16'384;
  config.core.q_sram.bytes = 8192;
  const EnergyReport report = price(config, kWidths, {WorkTotals{}, WorkTotals{}}, {}, 0);
  const auto area = [&](const std::string& instance, const std::string& kind) {
    return item(cost_of(report.area_um2, instance), kind);
  };
  EXPECT_DOUBLE_EQ(area("core0.pe_array", "multipliers"), 64 * 3495.0 / 4);
  EXPECT_DOUBLE_EQ(area("core0.pe_array", "adders"), 64 * 137 * 1.25);
  EXPECT_DOUBLE_EQ(area("core0.sparsity_engine", "adders"), 4 * 68.5);
  EXPECT_DOUBLE_EQ(area("core0.sparsity_engine", "comparators"), 16 * 137.0);
  EXPECT_DOUBLE_EQ(area("core0.softmax", "arithmetic"), 8 * 12 * (3495.0 / 4 + 137));
  const double bits = 2.0 * 8 * (8192 + 16'384 + 16'384 + 65'536 + 16'384);
  const double core = 64 * (873.75 + 171.25) + 274 + 2192 + 96 * 1010.75 + bits * 0.6;
  EXPECT_NEAR(report.total_um2(), 2 * core, 1e-6);
}

TEST(EnergyTest, WithoutPruningThereIsNoSparsityEngineAndNoMaskSram) {
  HdpConfig config = one_core();
  config.pruning = false;
  for (const UnitCost& unit : price(config, kWidths, {WorkTotals{}}, {}, 0).area_um2)
    EXPECT_TRUE(unit.instance != "core0.sparsity_engine" && unit.instance != "core0.mask_sram");
}

}  // namespace
}  // namespace hdp
