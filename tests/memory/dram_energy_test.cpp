// SPDX-License-Identifier: Apache-2.0
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "memory/dram_bench.hpp"
#include <hdp/memory/dram_energy.hpp>

namespace hdp {
namespace {

struct Published {
  const char* memory;
  double activate_nj, read_nj, write_nj, refresh_nj, active_mw, precharged_mw;
};

void PrintTo(const Published& row, std::ostream* out) { *out << row.memory; }

class DramEnergyTest : public testing::TestWithParam<Published> {};

TEST_P(DramEnergyTest, ACommandCostsWhatItsCurrentsSay) {
  const Published& want = GetParam();
  const DramCommandEnergy got = command_energy(shipped_memory(want.memory));
  EXPECT_NEAR(got.activate_pj / 1e3, want.activate_nj, 0.0006);
  EXPECT_NEAR(got.read_pj / 1e3, want.read_nj, 0.0006);
  EXPECT_NEAR(got.write_pj / 1e3, want.write_nj, 0.0006);
  EXPECT_NEAR(got.refresh_pj / 1e3, want.refresh_nj, 0.06);
  EXPECT_NEAR(got.active_standby_mw, want.active_mw, 0.6);
  EXPECT_NEAR(got.precharged_standby_mw, want.precharged_mw, 0.6);
}

INSTANTIATE_TEST_SUITE_P(
    Shipped, DramEnergyTest,
    testing::Values(Published{"ddr4_2400_stock", 3.450, 2.932, 2.550, 692.7, 413, 326},
                    Published{"ddr4_3200_stock", 4.234, 2.806, 2.371, 670.6, 499, 355},
                    Published{"lpddr4_2400_stock", 6.956, 6.247, 5.769, 363.9, 226, 163},
                    Published{"hbm2_stock", 0.828, 0.804, 1.068, 60.8, 66, 48},
                    // Half a legacy channel of 128 bit, which moves 64 B.
                    Published{"hbm2_2000", 0.414, 0.402, 0.534, 30.4, 33, 24},
                    // Two dies of 1.20, 2.17, 1.29, 22.4 nJ and 37, 33 mW.
                    Published{"lpddr4_3200", 2.4096, 4.345, 2.585, 44.77, 74, 66.6}),
    [](const auto& row) { return std::string(row.param.memory); });

TEST(DramEnergyTest, ARunChargesItsCommandsAndEveryCycleOfEveryRank) {
  DramConfig config = shipped_memory("ddr4_2400r");
  const DramCommandEnergy each = command_energy(config);
  DramResult result;
  result.cycles = 1'000;
  result.total.commands = {2, 2, 0, 5, 3, 1};
  result.total.active_standby = Cycles{400};
  const DramEnergy energy = energy_of(config, result);
  EXPECT_DOUBLE_EQ(energy.activate_pj, 2 * each.activate_pj);
  EXPECT_DOUBLE_EQ(energy.read_pj, 5 * each.read_pj);
  EXPECT_DOUBLE_EQ(energy.write_pj, 3 * each.write_pj);
  EXPECT_DOUBLE_EQ(energy.refresh_pj, each.refresh_pj);
  EXPECT_DOUBLE_EQ(energy.active_standby_pj, each.active_standby_mw * 400 * 0.833);
  EXPECT_DOUBLE_EQ(energy.precharged_standby_pj, each.precharged_standby_mw * 600 * 0.833);
}

TEST(DramEnergyTest, ARowStaysOpenUntilTheRunEnds) {
  DramConfig config = shipped_memory("ddr4_2400r");
  const std::vector<DramRequest> one{{0, 0, false}};
  // ACT in the first tick; data nRCD + nCL + nBL later.
  const DramResult result = run_requests(config, one, DramFeed::Inorder);
  EXPECT_EQ(result.cycles, 16 + 16 + 4 + 1);
  EXPECT_EQ(result.total.active_standby, Cycles{result.cycles});
}

}  // namespace
}  // namespace hdp
