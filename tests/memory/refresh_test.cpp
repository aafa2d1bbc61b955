// SPDX-License-Identifier: Apache-2.0
// What a refresh costs: exactly, for one read that meets it, and for a stream.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "memory/dram_bench.hpp"

namespace hdp {
namespace {

struct Given {
  const char* memory;
  DramController controller;
};

class RefreshTest : public testing::TestWithParam<Given> {
 protected:
  static DramConfig config() {
    DramConfig config = shipped_memory(GetParam().memory);
    config.controller = GetParam().controller;
    return config;
  }
  static bool shared() { return GetParam().controller == DramController::FrfcfsSharedQueue; }
};

/// From acceptance to data of one read of a closed bank.
std::int64_t read_latency(const DramConfig& config, std::int64_t at) {
  const std::vector<DramRequest> one{{0, static_cast<std::uint32_t>(at), false}};
  return run_requests(config, one, DramFeed::Inorder).total.read_latency.count;
}

TEST_P(RefreshTest, AReadThatMeetsItWaitsForItsEnd) {
  DramConfig with = config();
  const DramTiming& t = with.timing;
  const std::int64_t x = t.act_cycles - 1;
  const std::int64_t unloaded = t.rcd_read + x + t.cl + t.burst + 1;
  EXPECT_EQ(read_latency(with, 100), unloaded);
  // The first refresh goes out in the cycle in which it falls due: all banks are closed. With
  // several ranks the first one is refreshed first.
  const std::int64_t due = shared() ? t.refi - 1 : t.refi / with.organisation.ranks;
  const std::int64_t blocked = t.rfc - x;
  // Sent in the cycle of the REF, the read opens its row when it has ended; bank_queues moves a
  // read to its bank queue first, in the cycle in which it is sent.
  const std::int64_t first = shared() ? 0 : 1;
  EXPECT_EQ(read_latency(with, due), blocked + unloaded - first);
  EXPECT_EQ(read_latency(with, due + blocked - 1 - first), 1 + unloaded);
  EXPECT_EQ(read_latency(with, due + blocked - first), unloaded);
}

TEST_P(RefreshTest, AStreamLosesAtLeastItsTimeAndAtMostADrainMore) {
  DramConfig with = config();
  with.organisation.channels = with.organisation.pseudo_channels = with.organisation.ranks = 1;
  with.map = "ro co ba bg";
  DramConfig without = with;
  without.refresh = false;
  for (const char* pattern : {"seq", "conflict", "rand"}) {
    const auto requests = pattern_for(with, pattern, 40'000);
    const DramResult loss = run_requests(with, requests, DramFeed::Inorder);
    const std::int64_t free = run_requests(without, requests, DramFeed::Inorder).cycles;
    const std::int64_t refreshes = loss.total.commands[index_of(DramCommand::Ref)];
    const DramTiming& t = with.timing;
    EXPECT_EQ(refreshes, (loss.cycles - (shared() ? 0 : 1)) / t.refi) << pattern;
    const std::int64_t lost = loss.cycles - free;
    // Around a REF: rows are closed after the last write or read, and opened again, a bank each.
    const std::int64_t around = t.cwl + t.burst + t.wr + t.ras + 2 * (t.rp + t.rcd_read) +
                                with.organisation.banks_per_rank() * (t.rrd_l + 1) + t.faw;
    EXPECT_GE(lost, refreshes * (t.rfc - t.act_cycles)) << pattern;
    EXPECT_LE(lost, refreshes * (t.rfc + around)) << pattern;
  }
}

std::vector<Given> given() {
  std::vector<Given> all;
  for (const char* memory : {"ddr4_2400r", "ddr4_3200aa", "lpddr4_3200", "hbm2_2000"})
    for (const auto controller : {DramController::FrfcfsSharedQueue, DramController::BankQueues})
      all.push_back({memory, controller});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Memories, RefreshTest, testing::ValuesIn(given()),
                         [](const auto& instance) {
                           return std::string(instance.param.memory) + "_" +
                                  std::string(name_of(instance.param.controller));
                         });

}  // namespace
}  // namespace hdp
