// SPDX-License-Identifier: Apache-2.0
// Energy and area of sim/machine/energy.md, by hand.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "machine/hdp/price.hpp"
#include "machine/prices.hpp"
#include "machine/shipped_tables.hpp"

namespace hdp::test {
namespace {

constexpr OperandWidths kWidths{16, 4};
const std::optional<DramUse> kNoDram;

/// One core with SRAMs of 8 KiB and a context, by the recalled table: 64 bits of an SRAM cost what
/// it says, a word of 256 bits four times that.
HdpConfig one_core() {
  HdpConfig config;
  config.cores = 1;
  config.core.contexts = 1;
  config.core.q_sram = config.core.k_sram = config.core.v_sram = config.core.score_sram =
      config.core.mask_sram = {.bytes = 8192, .banks = 1, .word_bits = 64};
  return config;
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

EnergyReport priced(const HdpConfig& config, const std::vector<WorkTotals>& cores = {some_work()},
                    std::int64_t cycles = 500) {
  const MemoryStats memory{.reads = 2, .writes = 1, .read_bytes = 100, .written_bytes = 10};
  return price(
      config,
      {.widths = kWidths, .cores = cores, .memory = memory, .dram = kNoDram, .cycles = cycles});
}

double energy(const HdpConfig& config, const std::string& instance, const std::string& kind) {
  return item(cost_of(priced(config).energy_pj, instance), kind);
}

TEST(EnergyTest, AUniformArrayUsesWholeMultipliers) {
  // 1350 products of 16 x 16 bits at 3.1 / 4; 1250 additions of 32 bits, 100 of 40.
  EXPECT_DOUBLE_EQ(energy(one_core(), "core0.pe_array", "multiply"), 1350 * 3.1 / 4);
  EXPECT_DOUBLE_EQ(energy(one_core(), "core0.pe_array", "add"), 1250 * 0.1 + 100 * 0.125);
}

TEST(EnergyTest, AFusedArrayMultipliesAsWideAsThePlanes) {
  HdpConfig config = one_core();
  config.core.pe_array.precision = Precision::Fused;
  config.prune.approximation = true;
  EXPECT_DOUBLE_EQ(energy(config, "core0.pe_array", "multiply"),
                   (1050 * 16.0 + 200 * 48.0 + 100 * 256.0) * 3.1 / 1024);
  config.prune.approximation = false;  // two of three products mixed, one fraction x fraction
  EXPECT_DOUBLE_EQ(energy(config, "core0.pe_array", "multiply"),
                   (1050 * 16.0 + 200 * (48.0 + 48 + 144) / 3 + 100 * 256.0) * 3.1 / 1024);
}

TEST(EnergyTest, ASplitArrayPutsProductsTogetherFromNarrowOnes) {
  HdpConfig config = one_core();
  config.core.pe_array.precision = Precision::Split;
  config.prune.approximation = true;
  // 4 x 4 bits: one multiplier each, sixteen a cycle; 4 x 12: three, five a cycle; 16 x 16:
  // sixteen.
  const double narrow = 3.1 * 16 / 1024, add = 0.1 / 32;
  const double integer = 15.0 / 16 * (4 + 4 + 4) * add + 0.1 / 16;
  const double mixed = 2 * 16 * add + 4.0 / 5 * (16 + 3) * add + 0.1 / 5;
  const double value = 15 * 32 * add + 40 * add;
  EXPECT_DOUBLE_EQ(energy(config, "core0.pe_array", "multiply"),
                   (1050 + 200 * 3 + 100 * 16) * narrow);
  EXPECT_NEAR(energy(config, "core0.pe_array", "add"), 1050 * integer + 200 * mixed + 100 * value,
              1e-9);
  // Operands beyond the 32 bits that a PE takes in anyway: 128 and 80 a cycle.
  EXPECT_NEAR(energy(config, "core0.pe_array", "operands"),
              (1050 * (8 - 2.0) + 200 * (16 - 32.0 / 5)) * 0.009, 1e-9);
  config.prune.approximation = false;  // every third product is 12 x 12: nine multipliers
  EXPECT_NEAR(energy(config, "core0.pe_array", "multiply"),
              (1050 + 200 * 2.0 / 3 * 3 + 200 / 3.0 * 9 + 100 * 16) * narrow, 1e-9);
}

TEST(EnergyTest, ASplitArrayOfWholeWordsIsAUniformOne) {
  HdpConfig split = one_core();
  split.core.pe_array.precision = Precision::Split;
  split.prune.fraction_bits = 0;
  const std::vector<WorkTotals> cores{some_work()};
  const auto priced = [&](const HdpConfig& config) {
    return price(config, {.widths = {16, 16}, .cores = cores, .memory = {}, .dram = kNoDram});
  };
  const EnergyReport got = priced(split), want = priced(one_core());
  EXPECT_DOUBLE_EQ(cost_of(got.area_um2, "core0.pe_array").total(),
                   cost_of(want.area_um2, "core0.pe_array").total());
  EXPECT_DOUBLE_EQ(cost_of(got.energy_pj, "core0.pe_array").total(),
                   cost_of(want.energy_pj, "core0.pe_array").total());
}

TEST(EnergyTest, RankersOfBlocksCostAsATopKEngine) {
  HdpConfig config = one_core();
  config.prune.rule = PruneRule::TopK;
  config.core.sparsity_engine.top_k = {};
  config.core.sparsity_engine.top_k.rows = 3;
  WorkTotals work = some_work();
  work.ranking_cycles = 7;
  const EnergyReport got = priced(config, {work});
  // Sixteen values a cycle on two sides; 44 bits through four levels of multiplexers.
  const UnitCost energy = cost_of(got.energy_pj, "core0.block_ranker");
  const UnitCost area = cost_of(got.area_um2, "core0.block_ranker");
  EXPECT_NEAR(item(energy, "compare"), 7 * 32 * config.energy.compare_32.value, 1e-9);
  EXPECT_NEAR(item(energy, "eliminate_zeros"), 7 * 32 * 44 * 4 / 32.0 * config.energy.mux_32.value,
              1e-9);
  EXPECT_NEAR(item(area, "comparators"), 3 * 32 * config.energy.compare_area_32.value, 1e-9);
  // Two sides of three engines; both halves of 2048 entries.
  const UnitCost fifo = cost_of(got.area_um2, "core0.block_ranker_fifo");
  EXPECT_NEAR(fifo.total(), 6 * 2 * 2048 * 44 * config.energy.sram_area_bit.value, 1e-3);
  EXPECT_EQ(sram_bytes(config), 5 * 8192 + 6 * 2 * 2048 * 44 / 8);
  config.prune.rule = PruneRule::Threshold;
  EXPECT_EQ(sram_bytes(config), 5 * 8192);
  EXPECT_EQ(std::ranges::count(priced(config).energy_pj, "core0.block_ranker", &UnitCost::instance),
            0);
}

/// Area of the PEs of one core by a table of the shipped machines.
double array_area(HdpConfig config, OperandWidths of_the_trace) {
  config.energy = shipped_table("cacti7", 45, CellType::LstpHp);
  const EnergyReport report = price(
      config, {.widths = of_the_trace, .cores = {some_work()}, .memory = {}, .dram = kNoDram});
  return cost_of(report.area_um2, "core0.pe_array").total();
}

TEST(EnergyTest, AutomaticFormatsHaveOneAreaAndRoomForEachOfThem) {
  HdpConfig config = one_core();
  for (const Precision precision : {Precision::Uniform, Precision::Fused, Precision::Split}) {
    config.core.pe_array.precision = precision;
    config.prune.fraction_bits = std::nullopt;
    const double automatic = array_area(config, {16, 4});
    for (const std::int64_t integer : {3, 4, 5, 6, 7, 8}) {  // what auto chooses from
      EXPECT_EQ(array_area(config, {16, integer}), automatic);
      config.prune.fraction_bits = 16 - integer;
      EXPECT_LE(array_area(config, {16, integer}), automatic);
      config.prune.fraction_bits = std::nullopt;
    }
  }
}

TEST(EnergyTest, ASplitArrayOfAutomaticFormatsHasTheMostOfEachPart) {
  HdpConfig config = one_core();
  config.core.pe_array.precision = Precision::Split;
  config.energy = shipped_table("cacti7", 45, CellType::LstpHp);
  const Prices prices(config.energy);
  // 9 multipliers of 7 x 7 bits are larger than 36 of 3 x 3 or 4 of 8 x 8; the 36 need the most
  // adders and ports.
  const double by_hand = 9 * prices.multiply_area(7, 7) + 35 * prices.add_area(32) +
                         prices.add_area(40) + prices.store_area(36 * 6 - 32);
  EXPECT_DOUBLE_EQ(array_area(config, kWidths), 64 * by_hand);
}

TEST(EnergyTest, TheOtherUnits) {
  const HdpConfig config = one_core();
  EXPECT_DOUBLE_EQ(energy(config, "core0.sparsity_engine", "add"), 30 * 4 * 0.075);
  EXPECT_DOUBLE_EQ(energy(config, "core0.sparsity_engine", "compare"), 30 * 3 * 0.1);
  EXPECT_DOUBLE_EQ(energy(config, "core0.softmax", "exponential_and_divide"), 40 * 10.5);
  EXPECT_DOUBLE_EQ(energy(config, "core0.softmax", "accumulate"), 40 * 0.1);
  EXPECT_DOUBLE_EQ(energy(config, "core0.k_sram", "read"), 100 * 10.0);
  EXPECT_DOUBLE_EQ(energy(config, "core0.k_sram", "write"), 0);
  EXPECT_DOUBLE_EQ(energy(config, "core0.v_sram", "write"), 10 * 10.0);
  EXPECT_DOUBLE_EQ(energy(config, "memory", "read"), 800 * 15.0);
  EXPECT_DOUBLE_EQ(energy(config, "memory", "write"), 80 * 15.0);
}

TEST(EnergyTest, TheTotalIsTheSumOfTheLines) {
  const double by_hand =
      1350 * 3.1 / 4 + 1250 * 0.1 + 100 * 0.125 + 9 + 9 + 40 * 10.6 + 1000 + 100 + 880 * 15.0;
  EXPECT_NEAR(priced(one_core()).total_pj(), by_hand, 1e-9 * by_hand);
}

TEST(EnergyTest, ContextsAreBuffersOfTheirOwn) {
  HdpConfig config = one_core();
  config.energy = shipped_table("cacti7", 45, CellType::Hp);
  const EnergyReport one = priced(config);
  config.core.contexts = 4;
  const EnergyReport four = priced(config);
  const auto lines = [](const EnergyReport& report, const std::string& kind) {
    return item(cost_of(report.energy_pj, "core0.k_sram"), kind);
  };
  EXPECT_EQ(lines(four, "read"), lines(one, "read"));
  EXPECT_DOUBLE_EQ(lines(four, "leakage"), 4 * lines(one, "leakage"));
  EXPECT_DOUBLE_EQ(cost_of(four.area_um2, "core0.k_sram").total(),
                   4 * cost_of(one.area_um2, "core0.k_sram").total());
}

TEST(EnergyTest, LeakageIsPowerTimesTimeOfEveryUnit) {
  HdpConfig config = one_core();
  config.energy.logic_leakage.value = 20;
  config.clock_mhz = 500;  // 500 cycles are 1000 ns
  const EnergyReport report = priced(config, {WorkTotals{}});
  ASSERT_EQ(report.energy_pj.size(), 9U);  // array, engine, softmax, five SRAMs, memory
  for (const char* unit : {"core0.pe_array", "core0.sparsity_engine", "core0.softmax"})
    EXPECT_DOUBLE_EQ(item(cost_of(report.energy_pj, unit), "leakage"),
                     cost_of(report.area_um2, unit).total() * 20e-6 * 1000);
  for (const char* unit : {"core0.k_sram", "memory"})  // the recalled table has none
    EXPECT_THROW(item(cost_of(report.energy_pj, unit), "leakage"), std::out_of_range);
}

TEST(EnergyTest, AreaOfHdpEdge) {
  HdpConfig config;  // 8 x 8, two cores, two contexts
  config.core.k_sram.bytes = config.core.v_sram.bytes = 16'384;
  config.core.q_sram.bytes = 8192;
  const EnergyReport report = priced(config, {WorkTotals{}, WorkTotals{}});
  const auto area = [&](const std::string& instance, const std::string& kind) {
    return item(cost_of(report.area_um2, instance), kind);
  };
  EXPECT_DOUBLE_EQ(area("core0.pe_array", "multipliers"), 64 * 3495.0 / 4);
  EXPECT_DOUBLE_EQ(area("core0.pe_array", "adders"), 64 * 137 * 1.25);
  EXPECT_DOUBLE_EQ(area("core0.sparsity_engine", "adders"), 4 * 137.0 * 24 / 32);
  EXPECT_DOUBLE_EQ(area("core0.sparsity_engine", "comparators"), 16 * 137.0);
  EXPECT_DOUBLE_EQ(area("core0.softmax", "lanes"), 8 * 12129.0);
  EXPECT_DOUBLE_EQ(area("core0.softmax", "accumulators"), 8 * 137.0);
  const double bits = 2.0 * 8 * (8192 + 16'384 + 16'384 + 65'536 + 16'384);
  const double core = 64 * (873.75 + 171.25) + 411 + 2192 + 8 * 12266 + bits * 0.6;
  EXPECT_NEAR(report.total_um2(), 2 * core, 1e-6);
}

TEST(EnergyTest, AreaOfAPe) {
  HdpConfig config = one_core();
  config.prune.fraction_bits = 12;
  const auto area = [&](Precision precision, const std::string& part) {
    config.core.pe_array.precision = precision;
    return item(cost_of(priced(config).area_um2, "core0.pe_array"), part) / 64;
  };
  EXPECT_DOUBLE_EQ(area(Precision::Fused, "multipliers"), 3495 * (256 + 48) / 1024.0);
  EXPECT_DOUBLE_EQ(area(Precision::Fused, "adders"), 137 * (1.25 + 1));
  EXPECT_DOUBLE_EQ(area(Precision::Split, "multipliers"), 16 * 3495 * 16 / 1024.0);
  EXPECT_DOUBLE_EQ(area(Precision::Split, "adders"), 137 * (15 + 1.25));
  EXPECT_DOUBLE_EQ(area(Precision::Split, "operand_ports"), (128 - 32) * 5.98);
}

TEST(EnergyTest, WithoutPruningThereIsNeitherSparsityEngineNorMask) {
  HdpConfig config = one_core();
  config.pruning = false;
  const EnergyReport report = priced(config);
  for (const auto* units : {&report.area_um2, &report.energy_pj})
    for (const UnitCost& unit : *units) {
      EXPECT_NE(unit.instance, "core0.sparsity_engine");
      EXPECT_NE(unit.instance, "core0.mask_sram");
    }
}

TEST(EnergyTest, ACascadePaysForItsTopKEngine) {
  HdpConfig config = one_core();
  config.cascade.token.keep = "0.5";
  config.energy.logic_leakage.value = 0;
  ASSERT_TRUE(config.cascades());
  const std::vector<WorkTotals> cores{WorkTotals{}};
  const EnergyReport report = price(
      config,
      {.widths = kWidths, .cores = cores, .ranking_cycles = 7, .memory = {}, .dram = kNoDram});
  EXPECT_DOUBLE_EQ(item(cost_of(report.energy_pj, "top_k"), "compare"), 7 * 32 * 0.1);
  // 32 entries of 44 bits through four levels of multiplexers.
  EXPECT_DOUBLE_EQ(item(cost_of(report.energy_pj, "top_k"), "eliminate_zeros"),
                   7 * 32 * 44 * 4 / 32.0 * 0.0181);
  EXPECT_DOUBLE_EQ(item(cost_of(report.area_um2, "top_k"), "comparators"), 32 * 137.0);
  EXPECT_GT(item(cost_of(report.energy_pj, "top_k_fifo"), "read"), 0);
}

TEST(EnergyTest, MultipliersFollowThePowerLawBetweenEntries) {
  EnergyTable table;
  table.multipliers = {{.a_bits = 8, .b_bits = 8, .energy_pj = 1, .area_um2 = 10},
                       {.a_bits = 16, .b_bits = 16, .energy_pj = 4, .area_um2 = 160}};
  const Prices prices(table);
  EXPECT_DOUBLE_EQ(prices.multiply(8, 8), 1);
  EXPECT_DOUBLE_EQ(prices.multiply(16, 16), 4);
  EXPECT_DOUBLE_EQ(prices.multiply(16, 8), 2);
  EXPECT_DOUBLE_EQ(prices.multiply_area(16, 8), 40);
  EXPECT_DOUBLE_EQ(prices.multiply_area(8, 4), 2.5);     // beyond the first
  EXPECT_DOUBLE_EQ(prices.multiply_area(32, 32), 2560);  // beyond the last
  EXPECT_EQ(prices.multiply(4, 0), 0);
}

TEST(EnergyTest, LogicScalesWithTheNode) {
  const EnergyTable at_45 = shipped_table("cacti7", 45, CellType::Hp);
  const EnergyTable at_22 = shipped_table("cacti7", 22, CellType::Hp);
  const Prices old_node(at_45), new_node(at_22);
  EXPECT_NEAR(new_node.multiply(16, 16) / old_node.multiply(16, 16), 22 / 45.0 * 0.64, 5e-4);
  EXPECT_NEAR(new_node.add_area(32) / old_node.add_area(32), 22 * 22 / 45.0 / 45, 5e-4);
}

}  // namespace
}  // namespace hdp::test
