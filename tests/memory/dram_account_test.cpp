// SPDX-License-Identifier: Apache-2.0
// What a run counts as bandwidth and as load: bursts on the bus, and intervals that end with it.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "memory/dram_bench.hpp"
#include <hdp/memory/address_map.hpp>
#include <hdp/memory/dram_system.hpp>
#include <hdp/memory/request_file.hpp>

namespace hdp {
namespace {

std::vector<DramRequest> stream(const std::string& name) {
  return read_requests(std::string(HDP_SOURCE_DIR) + "/tests/memory/streams/" + name + ".txt");
}

void expect_no_share_above_one(const DramConfig& config, const DramResult& result) {
  EXPECT_LE(result.bandwidth_fraction(config), 1.0);
  for (std::size_t i = 0; i < kDramLimits; ++i)
    EXPECT_LE(result.share_of(static_cast<DramLimit>(i)), 1.0)
        << name_of(static_cast<DramLimit>(i));
}

TEST(DramAccountTest, WritesThatStayInTheBufferAreNoBandwidth) {
  DramConfig config = shipped_memory("ddr4_2400r");
  config.controller = DramController::BankQueues;
  const DramResult result = run_requests(config, stream("seven_writes"), DramFeed::Inorder);
  EXPECT_EQ(result.cycles, 1);  // as the original's
  EXPECT_EQ(result.bursts(), 0);
  EXPECT_EQ(result.total.buffered_writes, 7);
  EXPECT_EQ(result.bandwidth_fraction(config), 0.0);
}

TEST(DramAccountTest, ReadsOfFreshWritesAreNoBandwidth) {
  const DramConfig config = shipped_memory("ddr4_2400r");
  const DramResult result =
      run_requests(config, stream("reads_of_fresh_writes"), DramFeed::Inorder);
  const DramStats& stats = result.total;
  EXPECT_EQ(stats.reads, 200);
  EXPECT_EQ(stats.writes, 200);
  EXPECT_EQ(result.bursts(), 400 - stats.forwarded_reads - stats.merged_writes);
  EXPECT_GT(stats.forwarded_reads, 150);
  EXPECT_DOUBLE_EQ(result.bandwidth_fraction(config),
                   static_cast<double>(4 * result.bursts()) / static_cast<double>(result.cycles));
  expect_no_share_above_one(config, result);
}

TEST(DramAccountTest, AnIntervalEndsWithTheRun) {
  const DramConfig config = shipped_memory("ddr4_2400r");
  // Data of the first read at 36; the write's ACT waits for that of the read, its burst is behind
  // the end.
  const DramResult result =
      run_requests(config, stream("last_request_near_the_end"), DramFeed::Inorder);
  expect_no_share_above_one(config, result);
  EXPECT_DOUBLE_EQ(result.share_of(DramLimit::BankCycle), 1.0);  // the ACT in the first cycle
  // But a burst is one: as the bandwidth has it.
  EXPECT_GT(result.bursts(), 0);
  EXPECT_DOUBLE_EQ(result.share_of(DramLimit::DataBus), result.bandwidth_fraction(config));
}

TEST(DramAccountTest, TheBusIsThatOfAllRanks) {
  for (const std::int64_t ranks : {1, 2, 8}) {
    DramConfig config = shipped_memory("ddr4_2400r");
    config.map = "ro co ba bg ra ch";
    config.organisation.ranks = ranks;
    const DramResult result =
        run_requests(config, pattern_for(config, "seq", 20'000), DramFeed::Inorder);
    EXPECT_NEAR(result.share_of(DramLimit::DataBus), result.bandwidth_fraction(config), 1e-12);
    EXPECT_GT(result.share_of(DramLimit::DataBus), ranks == 1 ? 0.94 : 0.6);
    const DramResult turns =
        run_requests(config, pattern_for(config, "mixseq", 20'000), DramFeed::Inorder);
    // A turn to another rank costs the bus no more than the switch.
    EXPECT_GT(turns.share_of(DramLimit::Turnaround), ranks == 1 ? 0.05 : 0.005) << ranks;
    expect_no_share_above_one(config, turns);
  }
}

TEST(DramAccountTest, BankGroupsThatTakeTurnsInHoldingTheBusAreOneLimit) {
  for (const char* memory : {"ddr4_2400_stock", "ddr4_3200_stock"}) {
    const DramConfig config = shipped_memory(memory);
    const DramResult result =
        run_requests(config, pattern_for(config, "seq", 20'000), DramFeed::Inorder);
    EXPECT_EQ(name_of(result.limiter().limit), "bank_group") << memory;
    EXPECT_GT(result.limiter().share, 0.9);
    expect_no_share_above_one(config, result);
  }
  // With the bank group below the column it is the bus itself.
  DramConfig config = shipped_memory("ddr4_3200_stock");
  config.map = "ro ba ra co bg ch";
  EXPECT_EQ(
      run_requests(config, pattern_for(config, "seq", 20'000), DramFeed::Inorder).limiter().limit,
      DramLimit::DataBus);
}

TEST(DramAccountTest, TheBankGroupIsNamedWhereShorterGapsSaveMuch) {
  for (const char* memory : {"ddr4_2400_stock", "ddr4_3200_stock"})
    for (const DramController controller :
         {DramController::BankQueues, DramController::FrfcfsSharedQueue}) {
      DramConfig config = shipped_memory(memory);
      config.controller = controller;
      const auto requests = pattern_for(config, "mix3", 20'000);
      const DramResult result = run_requests(config, requests, DramFeed::Inorder);
      EXPECT_EQ(name_of(result.limiter().limit), "bank_group") << memory;
      EXPECT_GT(result.limiter().share, 0.6);
      EXPECT_EQ(result.share_of(DramLimit::Arrivals), 0.0);
      config.timing.ccd_l = 4;
      const DramResult relieved = run_requests(config, requests, DramFeed::Inorder);
      EXPECT_LT(relieved.cycles, result.cycles * 9 / 10) << memory;
      EXPECT_NE(name_of(relieved.limiter().limit), "bank_group") << memory;
    }
}

TEST(DramAccountTest, ArrivalsLimitWhatTheMemoryKeepsUpWith) {
  DramConfig config = shipped_memory("ddr4_3200_stock");
  const auto requests = pattern_for(config, "burst2k", 20'000);
  const DramResult result = run_requests(config, requests, DramFeed::Inorder);
  EXPECT_EQ(name_of(result.limiter().limit), "arrivals");
  EXPECT_GT(result.limiter().share, 0.8);
  EXPECT_GT(result.share_of(DramLimit::BankGroup), 0.8);
  const DramResult visited = run_requests(config, requests, DramFeed::Inorder, IdleCycles::Visit);
  EXPECT_EQ(visited.total.load, result.total.load);
  config.timing.ccd_l = 4;
  EXPECT_GT(run_requests(config, requests, DramFeed::Inorder).cycles, result.cycles * 99 / 100);
}

TEST(DramAccountTest, ConflictsThatWanderOverBanksAreOneLimit) {
  const DramConfig config = shipped_memory("ddr4_2400r");
  const AddressMap map(config.map, config.organisation);
  std::vector<DramRequest> requests;
  for (std::uint32_t bank = 0; bank < 4; ++bank)
    for (std::uint32_t row = 0; row < 500; ++row)
      requests.push_back({map.encode({.bank = bank, .row = row}), 0, false});
  const DramLimiter limiter = run_requests(config, requests, DramFeed::Inorder).limiter();
  EXPECT_EQ(limiter.limit, DramLimit::BankCycle);
  EXPECT_GT(limiter.share, 0.9);
}

TEST(DramAccountTest, ActivationsThatWanderOverRanksAreOneLimit) {
  DramConfig config = shipped_memory("ddr4_2400r");
  config.organisation.ranks = 2;
  const AddressMap map(config.map, config.organisation);
  std::vector<DramRequest> requests;
  for (std::uint32_t rank = 0; rank < 2; ++rank)
    for (std::uint32_t i = 0; i < 4'000; ++i)
      requests.push_back(
          {map.encode({.rank = rank, .bank_group = i % 4, .bank = i / 4 % 4, .row = i / 16}), 0,
           false});
  const DramLimiter limiter = run_requests(config, requests, DramFeed::Inorder).limiter();
  EXPECT_EQ(limiter.limit, DramLimit::ActivationWindow);
  EXPECT_GT(limiter.share, 0.9);
}

TEST(DramAccountTest, TheEndOfARunDrainsWhatIsBuffered) {
  DramConfig config = shipped_memory("ddr4_2400r");
  config.controller = DramController::BankQueues;
  DramSystem memory(config);
  for (std::uint32_t i = 0; i < 7; ++i) memory.send(64 * i, true, i, Cycle{0});
  memory.tick(Cycle{0});
  const DramUse* use = memory.close(Cycle{1});
  const DramResult& result = use->result;
  EXPECT_EQ(result.cycles, 1);
  EXPECT_EQ(result.drained_writes, 7);
  EXPECT_EQ(result.total.buffered_writes, 0);
  EXPECT_EQ(result.moved_bytes(config), 7 * 64);
  // One moves to its bank queue a cycle, from cycle 1 on; the first row opens in cycle 2.
  EXPECT_GE(result.drain_cycles, 16 + 6 * 4);
  EXPECT_LE(result.drain_cycles, 2 + 16 + 6 * 6 + 4);
  expect_no_share_above_one(config, result);
  EXPECT_EQ(memory.close(Cycle{1})->result.total.commands, result.total.commands);
}

}  // namespace
}  // namespace hdp
