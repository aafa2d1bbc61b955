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
                    // Two dies of 1.20, 2.17, 1.29, 22.4 nJ and 37, 33 mW, less VDDQ: 3.21 and
                    // 1.17 pJ a bit.
                    Published{"lpddr4_3200", 2.4096, 2.695, 1.980, 44.77, 74, 66.6}),
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

TEST(DramEnergyTest, TheInterfaceIsPricedByTheBitAndApartFromTheCore) {
  struct Interface {
    const char* memory;
    double io_read, io_write, phy_read, phy_write;  // pJ a bit
  };
  // DDR4: termination and line; LPDDR4: VDDQ, no figure for the PHY; HBM2: both ends.
  for (const Interface& want : {Interface{"ddr4_2400r", 5.07 + 5.11, 2.44 + 5.84, 1.96, 1.96},
                                Interface{"ddr4_3200aa", 3.80 + 5.11, 1.83 + 5.84, 1.91, 1.91},
                                Interface{"lpddr4_3200", 3.21, 1.17, 0, 0},
                                Interface{"hbm2_2000", 0.80, 0.80, 0.56, 1.07}}) {
    SCOPED_TRACE(want.memory);
    const DramConfig config = shipped_memory(want.memory);
    DramResult result;
    result.total.commands[index_of(DramCommand::Rd)] = 3;
    result.total.commands[index_of(DramCommand::Wr)] = 2;
    const DramEnergy energy = energy_of(config, result);
    const double bits = 8 * static_cast<double>(config.organisation.access_bytes());
    EXPECT_NEAR(energy.io_read_pj, 3 * bits * want.io_read, 1e-6);
    EXPECT_NEAR(energy.io_write_pj, 2 * bits * want.io_write, 1e-6);
    EXPECT_NEAR(energy.phy_read_pj, 3 * bits * want.phy_read, 1e-6);
    EXPECT_NEAR(energy.phy_write_pj, 2 * bits * want.phy_write, 1e-6);
    EXPECT_DOUBLE_EQ(energy.total_pj(), energy.core_pj() + energy.io_pj() + energy.phy_pj());
    double lines = 0;
    for (const DramEnergyLine& line : kDramEnergyLines) lines += energy.*line.pj;
    EXPECT_DOUBLE_EQ(lines, energy.total_pj());
    EXPECT_FALSE(config.interface.leaves_out.empty());
    for (const EnergyPerBit& entry :
         {config.interface.io_read, config.interface.io_write, config.interface.line_read,
          config.interface.line_write, config.interface.phy_read, config.interface.phy_write})
      EXPECT_FALSE(entry.source.empty());
  }
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
