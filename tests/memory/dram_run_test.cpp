// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "memory/dram_bench.hpp"
#include <hdp/base/error.hpp>

namespace hdp {
namespace {

void expect_same(const DramResult& a, const DramResult& b) {
  EXPECT_EQ(a.cycles, b.cycles);
  EXPECT_EQ(a.total.last_read_at, b.total.last_read_at);
  EXPECT_EQ(a.total.read_latency, b.total.read_latency);
  EXPECT_EQ(a.total.row_hits, b.total.row_hits);
  EXPECT_EQ(a.total.row_misses, b.total.row_misses);
  EXPECT_EQ(a.total.row_conflicts, b.total.row_conflicts);
  EXPECT_EQ(a.total.commands, b.total.commands);
  EXPECT_EQ(a.total.active_standby, b.total.active_standby);
}

TEST(DramRunTest, SkippingIdleCyclesChangesNoCount) {
  for (const char* memory : {"ddr4_2400r", "lpddr4_3200", "hbm2_2000", "ddr4_2400_stock"})
    for (const char* controller : {"frfcfs_shared_queue", "bank_queues", "row_hit"})
      for (const std::string_view pattern : request_patterns())
        for (const DramFeed feed : {DramFeed::Inorder, DramFeed::Perchan}) {
          SCOPED_TRACE(testing::Message() << memory << " " << controller << " " << pattern);
          DramConfig config = shipped_memory(memory);
          const std::string_view name(controller);
          config.controller = name == "bank_queues" ? DramController::BankQueues
                                                    : DramController::FrfcfsSharedQueue;
          if (name == "row_hit") config.scheduler = DramScheduler::FrfcfsRowHit;
          const auto requests = pattern_for(config, pattern, 700);
          expect_same(run_requests(config, requests, feed, IdleCycles::Skip),
                      run_requests(config, requests, feed, IdleCycles::Visit));
        }
}

TEST(DramRunTest, EveryRequestIsServed) {
  for (const char* memory : {"ddr4_2400r", "hbm2_2000"}) {
    const DramConfig config = shipped_memory(memory);
    const DramResult result =
        run_requests(config, pattern_for(config, "mix3", 3'000), DramFeed::Perchan);
    EXPECT_EQ(result.total.reads, 2'000);
    EXPECT_EQ(result.total.writes, 1'000);
    EXPECT_EQ(result.total.commands[index_of(DramCommand::Rd)], 2'000);
    EXPECT_EQ(result.total.commands[index_of(DramCommand::Wr)], 1'000);
    EXPECT_EQ(result.total.row_hits + result.total.row_misses + result.total.row_conflicts, 3'000);
  }
}

TEST(DramRunTest, ConflictsTakeARowCycleEach) {
  DramConfig config = shipped_memory("ddr4_2400r");
  config.map = "ro ba bg ra co ch";
  config.refresh = false;
  const DramResult result =
      run_requests(config, pattern_for(config, "conflict", 1'000), DramFeed::Inorder);
  // The last read needs its column and its data after its ACT, and one tick is the one that
  // returns.
  EXPECT_EQ(result.cycles, 999 * 55 + 16 + 16 + 4 + 1);
}

TEST(DramRunTest, AStreamOverBankGroupsFillsTheBus) {
  DramConfig config = shipped_memory("ddr4_2400r");
  config.refresh = false;
  // One row of each bank: 16 banks of 128 accesses.
  const DramResult result =
      run_requests(config, pattern_for(config, "seq", 2'048), DramFeed::Inorder);
  EXPECT_EQ(result.cycles, 16 + 16 + 2'048 * 4 + 1);
}

TEST(DramRunTest, RandomReadsAreBoundByFourActivationsAWindow) {
  DramConfig config = shipped_memory("ddr4_2400r");
  config.refresh = false;
  const DramResult result =
      run_requests(config, pattern_for(config, "rand", 20'000), DramFeed::Inorder);
  const std::int64_t window_bound = 20'000 * 26 / 4;
  EXPECT_GE(result.cycles, window_bound * 99 / 100);
  EXPECT_LE(result.cycles, window_bound * 101 / 100);
}

TEST(DramRunTest, AWrittenLineIsReadFromTheWriteQueue) {
  const DramConfig config = shipped_memory("ddr4_2400r");
  const std::vector<DramRequest> requests{{64, 0, true}, {64, 0, false}, {64, 0, true}};
  const DramResult result = run_requests(config, requests, DramFeed::Inorder);
  EXPECT_EQ(result.total.commands[index_of(DramCommand::Rd)], 0);
  EXPECT_EQ(result.total.commands[index_of(DramCommand::Wr)], 1);
  EXPECT_EQ(result.mean_read_latency(), 1.0);
}

TEST(DramRunTest, NoRequestsTakeNoTime) {
  EXPECT_EQ(run_requests(shipped_memory("ddr4_2400r"), {}, DramFeed::Inorder).cycles, 0);
}

TEST(DramRunTest, ARequestWaitsForItsTime) {
  DramConfig config = shipped_memory("ddr4_2400r");
  config.refresh = false;
  const std::vector<DramRequest> late{{0, 4'000'000'000U, false}};
  EXPECT_EQ(run_requests(config, late, DramFeed::Inorder).cycles, 4'000'000'000 + 37);
  config.refresh = true;
  EXPECT_GE(run_requests(config, late, DramFeed::Inorder).cycles, 4'000'000'000 + 37);
}

TEST(DramRunTest, TheKnownLockUpOfBankQueuesIsReported) {
  DramConfig config = shipped_memory("ddr4_2400r");
  config.controller = DramController::BankQueues;
  config.queues.write_entries = 1;
  config.queues.read_entries = 1;
  config.queues.bank_entries = 1;
  // The read cannot move while writes drain, and the write must not pass the read.
  const std::vector<DramRequest> requests{
      {1 << 20, 0, false}, {1 << 21, 0, false}, {1 << 21, 1, true}, {1 << 22, 2, true}};
  EXPECT_THROW(static_cast<void>(run_requests(config, requests, DramFeed::Inorder)), UserError);
}

TEST(DramRunTest, AConfigurationThatCannotBeIsAMistake) {
  DramConfig config = shipped_memory("ddr4_2400r");
  config.organisation.bank_groups = 3;
  EXPECT_THROW(validate(config), UserError);
  config = shipped_memory("ddr4_2400r");
  config.map = "ro co";
  EXPECT_THROW(validate(config), UserError);
}

}  // namespace
}  // namespace hdp
