// SPDX-License-Identifier: Apache-2.0
// Power-down: what it saves, and what the next command pays for it.
#include <vector>

#include <gtest/gtest.h>

#include "memory/dram_bench.hpp"
#include <hdp/memory/dram_energy.hpp>

namespace hdp {
namespace {

DramConfig sleepy(DramController controller = DramController::FrfcfsSharedQueue) {
  DramConfig config = shipped_memory("ddr4_2400r");
  config.controller = controller;
  config.refresh = false;
  config.power_down = {.when_idle = true, .after = 10};
  return config;
}

TEST(PowerDownTest, TheNextCommandWaitsForTheEndOfPowerDown) {
  for (const auto controller : {DramController::FrfcfsSharedQueue, DramController::BankQueues}) {
    DramConfig config = sleepy(controller);
    for (const std::uint32_t at : {10U, 11U, 5'000U}) {
      const std::vector<DramRequest> one{{0, at, false}};
      const DramResult down = run_requests(config, one, DramFeed::Inorder);
      config.power_down.when_idle = false;
      const DramResult up = run_requests(config, one, DramFeed::Inorder);
      config.power_down.when_idle = true;
      const bool asleep = at > 10;
      // bank_queues moves the request to its bank first, in the cycle in which it wakes the rank.
      const std::int64_t hidden = controller == DramController::BankQueues ? 1 : 0;
      EXPECT_EQ(down.cycles - up.cycles, asleep ? config.timing.xp - hidden : 0) << at;
      EXPECT_EQ(down.total.precharged_power_down, Cycles{asleep ? at - 10 : 0}) << at;
      EXPECT_EQ(up.total.precharged_power_down, Cycles{0});
    }
  }
}

TEST(PowerDownTest, ARowThatIsOpenSleepsOpen) {
  const DramConfig config = sleepy();
  // Data of the first read until 36; asleep from 46 until the second comes.
  const std::vector<DramRequest> two{{0, 0, false}, {64, 1'000, false}};
  const DramResult result = run_requests(config, two, DramFeed::Inorder);
  EXPECT_EQ(result.total.active_power_down, Cycles{1'000 - 46});
  const DramCommandEnergy each = command_energy(config);
  const DramEnergy energy = energy_of(config, result);
  EXPECT_DOUBLE_EQ(energy.active_power_down_pj, each.active_power_down_mw * 0.833 * 954);
  EXPECT_DOUBLE_EQ(each.active_power_down_mw, 1.2 * 8 * 37);
  EXPECT_DOUBLE_EQ(each.precharged_power_down_mw, 1.2 * 8 * 25);
}

TEST(PowerDownTest, IdleTimeBecomesCheaper) {
  for (const char* memory : {"ddr4_2400r", "ddr4_3200aa", "lpddr4_3200", "hbm2_2000"}) {
    DramConfig config = shipped_memory(memory);
    const auto requests = pattern_for(config, "burst20k", 5'000);
    const DramResult up = run_requests(config, requests, DramFeed::Inorder);
    config.power_down.when_idle = true;
    const DramResult down = run_requests(config, requests, DramFeed::Inorder);
    EXPECT_LT(energy_of(config, down).total_pj(), energy_of(config, up).total_pj()) << memory;
    EXPECT_EQ(down.total.commands[index_of(DramCommand::Rd)], 5'000);
    EXPECT_GE(down.cycles, up.cycles);
    EXPECT_LE(down.cycles, up.cycles + 10 * config.timing.xp);
  }
}

}  // namespace
}  // namespace hdp
