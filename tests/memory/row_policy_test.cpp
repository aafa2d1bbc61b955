// SPDX-License-Identifier: Apache-2.0
// Closed rows: every read and write precharges its bank behind itself.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "memory/dram_banks.hpp"
#include "memory/dram_bench.hpp"
#include <hdp/memory/address_map.hpp>

namespace hdp {
namespace {

using enum DramCommand;

DramConfig closed(const std::string& name, DramController controller) {
  DramConfig config = shipped_memory(name);
  config.row_policy = DramRowPolicy::Closed;
  config.controller = controller;
  config.refresh = false;
  return config;
}

TEST(RowPolicyTest, AReadOfAClosedRowPrechargesAsSoonAsItMay) {
  const DramConfig config = closed("ddr4_2400r", DramController::FrfcfsSharedQueue);
  const DramTiming& t = config.timing;
  DramBanks banks(config, 1);
  banks.issue(Act, 0, 7, Cycle{1'000});
  banks.issue(Rd, 0, 7, Cycle{1'000 + t.rcd_read});
  EXPECT_EQ(banks.open_row(0), DramBanks::kClosed);
  const std::int64_t precharged = std::max(t.ras, t.rcd_read + t.rtp);
  EXPECT_EQ(banks.ready_at(Act, 0), Cycle{1'000 + precharged + t.rp});
  EXPECT_EQ(banks.rank_ready_at(Ref, 0), Cycle{1'000 + precharged + t.rp});
  EXPECT_EQ(banks.ready_at(Act, 4), Cycle{1'000 + t.rrd_s});
}

TEST(RowPolicyTest, AWriteOfAClosedRowWaitsForItsRecovery) {
  const DramConfig config = closed("ddr4_2400r", DramController::FrfcfsSharedQueue);
  const DramTiming& t = config.timing;
  DramBanks banks(config, 1);
  banks.issue(Act, 0, 7, Cycle{0});
  banks.issue(Wr, 0, 7, Cycle{t.rcd_write});
  EXPECT_EQ(banks.ready_at(Act, 0), Cycle{t.rcd_write + t.cwl + t.burst + t.wr + t.rp});
}

TEST(RowPolicyTest, StandbyLastsUntilTheLastBankHasClosed) {
  const DramConfig config = closed("ddr4_2400r", DramController::FrfcfsSharedQueue);
  const DramTiming& t = config.timing;
  DramBanks banks(config, 1);
  banks.issue(Act, 0, 7, Cycle{0});
  banks.issue(Rd, 0, 7, Cycle{t.rcd_read});  // closes at ras
  banks.issue(Act, 4, 7, Cycle{20});         // still open: bank 0 closes later
  banks.issue(Rd, 4, 7, Cycle{20 + t.rcd_read});
  banks.close(Cycle{500});
  EXPECT_EQ(banks.active_standby(), Cycles{20 + t.ras});
}

// One bank, one row: N reads take an activation each.
TEST(RowPolicyTest, EveryAccessOfARowOpensItAgain) {
  for (const auto controller : {DramController::FrfcfsSharedQueue, DramController::BankQueues})
    for (const char* name : {"ddr4_2400r", "ddr4_3200aa", "lpddr4_3200", "hbm2_2000"}) {
      const DramConfig config = closed(name, controller);
      std::vector<DramRequest> requests;
      const AddressMap map(config.map, config.organisation);
      for (std::uint32_t column = 0; column < 16; ++column)
        requests.push_back(
            {.address = map.encode({.column = column}), .not_before = 0, .write = false});
      const DramResult result = run_requests(config, requests, DramFeed::Inorder);
      EXPECT_EQ(result.total.commands[index_of(Act)], 16) << name;
      EXPECT_EQ(result.total.commands[index_of(Pre)], 0) << name;
      EXPECT_EQ(result.total.row_hits, 0) << name;
      const DramTiming& t = config.timing;
      const bool shared = controller == DramController::FrfcfsSharedQueue;
      const std::int64_t extra = t.act_cycles - 1;
      const std::int64_t rp = t.rp - extra, rcd = t.rcd_read + extra, ras = t.ras + extra;
      const std::int64_t cycle = std::max({shared ? t.rc : 0, ras + rp, rcd + t.rtp + rp});
      const DramResult one = run_requests(config, std::span(requests).first(1), DramFeed::Inorder);
      EXPECT_EQ(result.cycles - one.cycles, 15 * cycle) << name << " " << name_of(controller);
    }
}

TEST(RowPolicyTest, ServesEveryPatternWithAndWithoutSkipping) {
  for (const auto controller : {DramController::FrfcfsSharedQueue, DramController::BankQueues})
    for (const char* pattern : {"seq", "rand", "mixseq", "conflict", "burst2k"}) {
      DramConfig config = closed("ddr4_2400r", controller);
      config.refresh = true;
      const auto requests = pattern_for(config, pattern, 3'000);
      const DramResult skipped = run_requests(config, requests, DramFeed::Inorder);
      const DramResult visited =
          run_requests(config, requests, DramFeed::Inorder, IdleCycles::Visit);
      EXPECT_EQ(skipped.cycles, visited.cycles) << pattern;
      EXPECT_EQ(skipped.total.commands, visited.total.commands) << pattern;
      EXPECT_EQ(skipped.total.active_standby, visited.total.active_standby) << pattern;
      const auto issued = [&](DramCommand c) { return skipped.total.commands[index_of(c)]; };
      // A refresh may close a row before it was used: bank_queues does so with a PRE.
      EXPECT_EQ(issued(Act), issued(Rd) + issued(Wr) + issued(Pre)) << pattern;
    }
}

}  // namespace
}  // namespace hdp
