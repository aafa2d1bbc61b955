// SPDX-License-Identifier: Apache-2.0
// Prices of buffers against figures that were worked out beside the table (45 nm), and how well the
// grid predicts its own points.
#include "machine/sram_macro.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <gtest/gtest.h>

#include "machine/shipped_tables.hpp"
#include <hdp/base/error.hpp>

namespace hdp::test {
namespace {

EnergyTable cacti(CellType cell = CellType::Hp, std::int64_t node_nm = 45) {
  return shipped_table("cacti7", node_nm, cell);
}

EnergyTable without_wires(EnergyTable table) {
  for (Technology& technology : table.technologies) technology.wire_pj_per_bit_mm = 0;
  return table;
}

struct Example {
  const char* buffer;
  SramBuffer sram;
  double read_pj, with_wires_pj, area_mm2, hp_mw, lstp_hp_mw;
};

/// As rounded there.
const Example kExamples[] = {{"k_sram", {131'072, 8, 256}, 11.6, 22, 0.43, 144, 27},
                             {"q_sram", {65'536, 1, 256}, 41.7, 49, 0.20, 62, 7.5},
                             {"score_sram", {1'048'576, 1, 256}, 180, 211, 3.68, 932, 58},
                             {"mask_sram", {262'144, 1, 256}, 86.7, 102, 0.88, 245, 17},
                             {"spatten", {196'608, 1, 6144}, 177, 494, 0.69, 236, 55},
                             {"spatten_eighth", {196'608, 1, 768}, 103, 140, 0.59, 203, 40}};

TEST(SramMacroTest, WorkedExamples) {
  for (const Example& example : kExamples) {
    SCOPED_TRACE(example.buffer);
    const SramPrice bare = price_of(without_wires(cacti()), example.sram);
    const SramPrice price = price_of(cacti(), example.sram);
    EXPECT_NEAR(bare.read_pj, example.read_pj, 0.003 * example.read_pj);
    EXPECT_NEAR(price.read_pj, example.with_wires_pj, 0.005 * example.with_wires_pj);
    EXPECT_NEAR(price.area_um2 * 1e-6, example.area_mm2, 0.008 * example.area_mm2);
    EXPECT_NEAR(price.leakage_mw, example.hp_mw, 0.01 * example.hp_mw);
    EXPECT_NEAR(price_of(cacti(CellType::LstpHp), example.sram).leakage_mw, example.lstp_hp_mw,
                0.04 * example.lstp_hp_mw);
    EXPECT_EQ(price.area_um2, bare.area_um2);
    const double at_22 = price_of(without_wires(cacti(CellType::Hp, 22)), example.sram).read_pj;
    EXPECT_GT(at_22 / bare.read_pj, 0.285);
    EXPECT_LT(at_22 / bare.read_pj, 0.425);
  }
}

TEST(SramMacroTest, AllBuffersOfTheServerOfThoseExamples) {
  double area = 0, hp = 0, lstp_hp = 0;
  for (const std::size_t i : {0U, 0U, 1U, 2U, 3U}) {  // K and V alike
    area += 12 * price_of(cacti(), kExamples[i].sram).area_um2;
    hp += 12 * price_of(cacti(), kExamples[i].sram).leakage_mw;
    lstp_hp += 12 * price_of(cacti(CellType::LstpHp), kExamples[i].sram).leakage_mw;
  }
  EXPECT_NEAR(area * 1e-6, 67, 0.5);
  EXPECT_NEAR(hp * 1e-3, 18, 0.5);
  EXPECT_NEAR(lstp_hp * 1e-3, 1.6, 0.05);
}

TEST(SramMacroTest, APointOfTheGridIsItself) {
  const EnergyTable table = cacti();
  for (const SramMacro& macro : technology_of(table).macros) {
    const SramMacro got = interpolate(technology_of(table).macros, static_cast<double>(macro.bytes),
                                      static_cast<double>(macro.word_bits));
    EXPECT_EQ(got.read_pj, macro.read_pj);
    EXPECT_EQ(got.write_pj, macro.write_pj);
    EXPECT_EQ(got.leakage_mw, macro.leakage_mw);
    EXPECT_EQ(got.area_mm2, macro.area_mm2);
  }
}

TEST(SramMacroTest, BetweenPointsTheLogarithmsAreBilinear) {
  const std::vector<SramMacro> grid{{.bytes = 1024, .word_bits = 32, .read_pj = 1},
                                    {.bytes = 1024, .word_bits = 128, .read_pj = 16},
                                    {.bytes = 4096, .word_bits = 32, .read_pj = 4},
                                    {.bytes = 4096, .word_bits = 128, .read_pj = 4}};
  EXPECT_DOUBLE_EQ(interpolate(grid, 2048, 32).read_pj, 2);
  EXPECT_DOUBLE_EQ(interpolate(grid, 1024, 64).read_pj, 4);
  EXPECT_DOUBLE_EQ(interpolate(grid, 2048, 64).read_pj, 4);
  EXPECT_DOUBLE_EQ(interpolate(grid, 4096, 48).read_pj, 4);
  EXPECT_DOUBLE_EQ(interpolate(grid, 1024 * std::sqrt(2), 32).read_pj, std::sqrt(2));
  EXPECT_DOUBLE_EQ(interpolate(grid, 1024, 8).read_pj, 1);  // no narrower macro
}

/// Relative errors of reads where a point is left out and taken from its neighbours, sorted.
std::vector<double> left_out(const std::vector<SramMacro>& grid, bool along_capacity) {
  const auto read_at = [&](std::int64_t bytes, std::int64_t word) -> double {
    for (const SramMacro& macro : grid)
      if (macro.bytes == bytes && macro.word_bits == word) return macro.read_pj;
    return 0;
  };
  std::vector<double> errors;
  for (const SramMacro& macro : grid) {
    std::vector<SramMacro> neighbours;
    for (const std::int64_t quarter : {2, 8}) {  // half and twice, in quarters
      const std::int64_t bytes = along_capacity ? macro.bytes * quarter / 4 : macro.bytes;
      const std::int64_t word = along_capacity ? macro.word_bits : macro.word_bits * quarter / 4;
      if (const double read = read_at(bytes, word); read != 0)
        neighbours.push_back({.bytes = bytes, .word_bits = word, .read_pj = read});
    }
    if (neighbours.size() != 2) continue;
    const double guess = interpolate(neighbours, static_cast<double>(macro.bytes),
                                     static_cast<double>(macro.word_bits))
                             .read_pj;
    errors.push_back(std::abs(guess / macro.read_pj - 1));
  }
  std::ranges::sort(errors);
  return errors;
}

TEST(SramMacroTest, ThePointsOfTheGridPredictEachOther) {
  const EnergyTable table = cacti();
  const auto check = [&](bool along_capacity, std::size_t points, double median, double ninth,
                         double largest) {
    const std::vector<double> errors = left_out(technology_of(table).macros, along_capacity);
    ASSERT_EQ(errors.size(), points);
    EXPECT_NEAR(errors[points / 2], median, 0.005);
    EXPECT_NEAR(errors[points * 9 / 10], ninth, 0.005);
    EXPECT_NEAR(errors.back(), largest, 0.005);
  };
  check(true, 44, 0.05, 0.206, 0.235);
  check(false, 26, 0.063, 0.246, 0.324);
}

TEST(SramMacroTest, BanksAreMacrosOfTheirShare) {
  const EnergyTable table = without_wires(cacti());
  const SramPrice one = price_of(table, {16'384, 1, 128}), four = price_of(table, {65'536, 4, 128});
  EXPECT_EQ(four.read_pj, one.read_pj);
  EXPECT_EQ(four.write_pj, one.write_pj);
  EXPECT_EQ(four.area_um2, 4 * one.area_um2);
  EXPECT_EQ(four.leakage_mw, 4 * one.leakage_mw);
}

TEST(SramMacroTest, BeyondTheLargestMacroThereAreSeveralOfWhichOneIsRead) {
  const EnergyTable table = without_wires(cacti());
  const SramPrice one = price_of(table, {4'194'304, 1, 64}),
                  two = price_of(table, {8'388'608, 1, 64});
  EXPECT_EQ(two.read_pj, one.read_pj);
  EXPECT_EQ(two.area_um2, 2 * one.area_um2);
  EXPECT_EQ(two.leakage_mw, 2 * one.leakage_mw);
}

TEST(SramMacroTest, AFewBytesAreRegisters) {
  const EnergyTable table = without_wires(cacti());
  const SramPrice price = price_of(table, {64, 1, 64});
  EXPECT_DOUBLE_EQ(price.read_pj, 64 * 0.009);
  EXPECT_DOUBLE_EQ(price.write_pj, 64 * 0.009);
  EXPECT_DOUBLE_EQ(price.area_um2, 512 * 5.98);
  EXPECT_DOUBLE_EQ(price.leakage_mw, 512 * 5.98 * 12.6e-6);
}

TEST(SramMacroTest, ABankBelowTheSmallestMacroIsThatOneWhereRegistersAreLarger) {
  const EnergyTable table = without_wires(cacti());
  for (const auto& [below, smallest] :
       {std::pair<SramBuffer, SramBuffer>{{900, 1, 64}, {1024, 1, 64}},
        {{4095, 4, 256}, {4096, 4, 256}},
        {{7000, 1, 1024}, {8192, 1, 1024}}}) {
    const SramPrice price = price_of(table, below), whole = price_of(table, smallest);
    EXPECT_EQ(price.area_um2, whole.area_um2);
    EXPECT_EQ(price.read_pj, whole.read_pj);
    EXPECT_EQ(price.write_pj, whole.write_pj);
    EXPECT_EQ(price.leakage_mw, whole.leakage_mw);
  }
}

/// By how much the area of a macro is at most above that of one with more bytes and the same word.
double largest_fall(const std::vector<SramMacro>& grid) {
  double fall = 1;
  for (const SramMacro& small : grid)
    for (const SramMacro& large : grid)
      if (small.word_bits == large.word_bits && small.bytes < large.bytes)
        fall = std::max(fall, small.area_mm2 / large.area_mm2);
  return fall;
}

TEST(SramMacroTest, MoreBytesHaveNoLessAreaButForTheTablesOwnSteps) {
  EnergyTable table = cacti();
  for (const Technology& technology : table.technologies) {
    table.node_nm = technology.node_nm;
    table.cell_type = technology.cell_type;
    const double fall = largest_fall(technology.macros);
    for (const std::int64_t banks : {1, 4, 8})
      for (const std::int64_t word : {32, 64, 200, 256, 512, 1024}) {
        double most = 0;
        for (double bytes = 16; bytes <= 2e6; bytes *= 1.09) {
          const SramBuffer buffer{std::llround(bytes), banks, word};
          const double area = price_of(table, buffer).area_um2;
          EXPECT_GE(area * fall * (1 + 1e-9), most)
              << technology.node_nm << " nm, " << buffer.bytes << " bytes, " << banks
              << " banks of " << word << " bits";
          most = std::max(most, area);
        }
      }
  }
}

TEST(SramMacroTest, TwoPortsCostByTheFactorsOfTheTable) {
  const EnergyTable table = without_wires(cacti());
  const SramPrice one = price_of(table, {8192, 1, 64});
  const SramPrice two = price_of(table, {8192, 1, 64, SramPorts::OneReadOneWrite});
  EXPECT_DOUBLE_EQ(two.read_pj, 1.35 * one.read_pj);
  EXPECT_DOUBLE_EQ(two.write_pj, 1.35 * one.write_pj);
  EXPECT_DOUBLE_EQ(two.area_um2, 2.1 * one.area_um2);
  EXPECT_DOUBLE_EQ(two.leakage_mw, 1.24 * one.leakage_mw);
}

TEST(SramMacroTest, TheRecalledTableHasItsRule) {
  const EnergyTable table = shipped_table("recalled_45nm", 45, CellType::Unnamed);
  const SramPrice price = price_of(table, {32'768, 8, 256});
  EXPECT_DOUBLE_EQ(price.read_pj, 10 * 4 * 2);
  EXPECT_DOUBLE_EQ(price.write_pj, 80);
  EXPECT_DOUBLE_EQ(price.area_um2, 32'768 * 8 * 0.6);
  EXPECT_EQ(price.leakage_mw, 0);
}

std::string refusal(const EnergyTable& table) {
  try {
    validate(table);
  } catch (const UserError& mistake) {
    return mistake.what();
  }
  return "accepted";
}

TEST(SramMacroTest, EveryTechnologyOfTheTableIsAGrid) {
  EnergyTable table = cacti();
  EXPECT_EQ(table.technologies.size(), 12U);
  for (const Technology& technology : table.technologies) {
    table.node_nm = technology.node_nm;
    table.cell_type = technology.cell_type;
    EXPECT_EQ(refusal(table), "accepted");
    EXPECT_EQ(technology.macros.size(), 52U);
  }
}

TEST(SramMacroTest, TablesThatCannotPriceAreRefused) {
  EnergyTable table = cacti();
  table.technologies = {technology_of(table)};
  table.node_nm = 22;
  EXPECT_EQ(refusal(table),
            "/energy/node_nm, /energy/cell_type: 22 nm itrs-hp is not in the table cacti7; "
            "allowed: 45 nm itrs-hp; energy_table names another table");
  table.node_nm = 45;
  table.technologies[0].macros.pop_back();
  EXPECT_EQ(refusal(table),
            "/energy/technologies: 45 nm itrs-hp has no macro of 4194304 bytes and words of 256 "
            "bits; allowed: every capacity with every word, once");
  table.technologies[0].macros.push_back(table.technologies[0].macros[0]);
  EXPECT_EQ(refusal(table),
            "/energy/technologies: 45 nm itrs-hp has more than one macro of 1024 bytes and words "
            "of 32 bits; allowed: every capacity with every word, once");
  table = cacti();
  table.multipliers.clear();
  EXPECT_EQ(refusal(table), "/energy/multipliers: none; allowed: one at least");
  table.multipliers = {{.a_bits = 16, .b_bits = 16}, {.a_bits = 8, .b_bits = 32}};
  EXPECT_EQ(refusal(table),
            "/energy/multipliers: 8 x 32 bits is the second with a product of 256; allowed: every "
            "product of widths once");
}

}  // namespace
}  // namespace hdp::test
