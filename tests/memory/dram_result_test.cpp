// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <hdp/memory/dram_result.hpp>

namespace hdp {
namespace {

DramResult result(std::int64_t cycles, std::int64_t reads, std::int64_t bus) {
  DramResult made{.cycles = cycles, .drained_writes = 1, .drain_cycles = 5, .total = {}};
  made.total.reads = reads;
  made.total.read_latency = Cycles{10 * reads};
  made.total.last_read_at = Cycle{cycles - 2};
  made.total.finished_at = Cycle{cycles - 1};
  made.total.most_waiting = reads;
  made.total.load[static_cast<std::size_t>(DramLimit::DataBus)] = Cycles{bus};
  made.total.load[static_cast<std::size_t>(DramLimit::NoRequests)] = Cycles{cycles - bus};
  return made;
}

TEST(DramResultTest, OneRunBehindAnotherTakesTheTimeOfBoth) {
  DramResult both = result(100, 8, 40);
  both.then(result(50, 4, 30));
  EXPECT_EQ(both.cycles, 150);
  EXPECT_EQ(both.all_cycles(), 160);
  EXPECT_EQ(both.drained_writes, 2);
  EXPECT_EQ(both.total.reads, 12);
  EXPECT_EQ(both.mean_read_latency(), 10);
  EXPECT_EQ(both.total.last_read_at, Cycle{105 + 48});
  EXPECT_EQ(both.total.most_waiting, 8);
  EXPECT_EQ(both.share_of(DramLimit::DataBus), 70.0 / 160);
  EXPECT_EQ(both.share_of(DramLimit::NoRequests), 80.0 / 160);
}

}  // namespace
}  // namespace hdp
