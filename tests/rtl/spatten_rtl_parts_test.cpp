// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gtest/gtest.h>

#include "machine/spatten_rtl/buffer_manager.hpp"
#include "machine/spatten_rtl/index_rom.hpp"
#include "machine/spatten_rtl/line_buffer.hpp"
#include "machine/spatten_rtl/memory_channel.hpp"
#include "machine/spatten_rtl/stream.hpp"
#include <hdp/units/top_k_latency.hpp>

namespace hdp::spatten_rtl {
namespace {

// papers/spatten.md, B3.
TEST(IndexRomTest, FirstRowsAreThoseOfTheRtl) {
  const IndexRom narrow(4, 4, 2048);
  EXPECT_EQ(std::vector<std::int32_t>(narrow.row(0).begin(), narrow.row(0).end()),
            (std::vector<std::int32_t>{0, 2, 6, 7}));
  EXPECT_EQ(std::vector<std::int32_t>(narrow.row(3).begin(), narrow.row(3).end()),
            (std::vector<std::int32_t>{12, 13, 14, 15}));
  const IndexRom wide(2, 16, 2048);
  EXPECT_EQ(
      std::vector<std::int32_t>(wide.row(1).begin(), wide.row(1).end()),
      (std::vector<std::int32_t>{17, 20, 21, 24, 26, 29, 30, 31, 37, 38, 39, 40, 41, 43, 45, 47}));
}

// papers/spatten.md, E: the first rows of the published file without pruning.
TEST(TopKLatencyTest, DrawsAreThoseOfTheAuthorsBench) {
  TopKLatency latency(16);
  for (const std::int64_t expected : {97, 151, 243, 191, 171, 134})
    EXPECT_EQ(latency.draw(993, 993), expected);
}

TEST(TopKLatencyTest, MeanOverManySeedsIsThatOfTheTable) {
  double sum = 0;
  constexpr int kSeeds = 2'000;
  for (int seed = 0; seed < kSeeds; ++seed)
    sum += static_cast<double>(TopKLatency(16, static_cast<std::uint64_t>(seed)).draw(256, 32));
  EXPECT_NEAR(sum / kSeeds, 74.0, 4 * 22.0 / std::sqrt(kSeeds));
}

/// Cycles from a request to its answer, for addresses sent one after the other.
Time latency_of(std::vector<std::uint32_t> addresses) {
  MemoryChannel channel;
  Time now = 0, sent = 0;
  for (const std::uint32_t address : addresses) {
    sent = now;
    channel.request(address, 0, now);
    channel.tick(now++);
    while (channel.answer_at() > now) channel.tick(now++);
    channel.take_answer(now);
    for (int i = 0; i < 40; ++i) channel.tick(now++);
  }
  return now - 40 - sent;
}

// papers/spatten.md, B7; a row of all banks has 16 KiB.
TEST(MemoryChannelTest, LatencyIsThatOfAClosedRowAHitAndAConflict) {
  EXPECT_EQ(latency_of({0}), 20);
  EXPECT_EQ(latency_of({0, 32}), 13);
  EXPECT_EQ(latency_of({0, 1 << 14}), 27);
}

TEST(MemoryChannelTest, RowHitsComeTwoInFourCycles) {
  MemoryChannel channel;
  Time now = 0;
  int sent = 0, answers = 0;
  Time first = 0, last = 0;
  constexpr int kRequests = 400;
  while (answers < kRequests) {
    if (channel.answer_at() <= now) {
      channel.take_answer(now);
      if (++answers == 40) first = now;
      last = now;
    }
    // Both pseudo-channels, one row each.
    const auto address = static_cast<std::uint32_t>(sent % 2 * 512 + sent / 2 % 16 * 32);
    const bool send = channel.ready() && sent < kRequests;
    if (send) channel.request(address, 0, now);
    channel.tick(now++);
    sent += send;
  }
  EXPECT_EQ(last - first, (kRequests - 40) * 2);
}

TEST(StreamFifoTest, AnEntryLeavesTwoCyclesLaterAndFreesRoomOneCycleLater) {
  StreamFifo<int> fifo(2);
  fifo.push(7, 10);
  EXPECT_FALSE(fifo.can_pop(11));
  ASSERT_TRUE(fifo.can_pop(12));
  fifo.push(8, 11);
  fifo.pop(12);
  EXPECT_FALSE(fifo.can_push(12));
  EXPECT_TRUE(fifo.can_push(13));
}

TEST(BufferManagerTest, LinesComeBackFourCyclesAfterTheReleaseInOrder) {
  const Shape shape{.buffer_lines = 8,
                    .softmax_units = 1,
                    .tree_levels = 0,
                    .channels = 2,
                    .channel_bits = 1,
                    .lanes = 4,
                    .lanes_per_element = 1};
  BufferManager manager(shape);
  EXPECT_FALSE(manager.can_allocate(4, 31));
  ASSERT_TRUE(manager.can_allocate(4, 32));
  const Allocation first = manager.allocate(4), second = manager.allocate(4);
  EXPECT_FALSE(manager.can_allocate(2, 40));
  manager.release(second.tag, 50);  // waits for the first
  manager.release(first.tag, 60);
  for (Time now = 50; now <= 63; ++now) manager.step(now);
  EXPECT_FALSE(manager.can_allocate(2, 63));
  manager.step(64);
  EXPECT_TRUE(manager.can_allocate(4, 64));
  EXPECT_FALSE(manager.can_allocate(8, 64));
  manager.step(65);
  EXPECT_TRUE(manager.can_allocate(8, 65));
}

/// The cycle in which the line written at `written` leaves the buffer.
Time visible_at(Time written) {
  const Shape shape{.buffer_lines = 8,
                    .softmax_units = 1,
                    .tree_levels = 0,
                    .channels = 2,
                    .channel_bits = 1,
                    .lanes = 4,
                    .lanes_per_element = 1};
  LineBuffer buffer(shape, -1);
  buffer.reader.descriptor().load({0, 2, 6});
  buffer.writer.descriptor(0).load({0, 2, 1, 6});
  for (Time now = 20;; ++now) {
    if (buffer.reader.valid()) return now;
    buffer.reader.step(now);
    buffer.writer.step(now);
    buffer.writer.commit();
    if (now == written) buffer.writer.push_data(0);
  }
}

TEST(LineBufferTest, AMissIsTriedAgainEveryFiveCycles) {
  const Time first = visible_at(30);
  for (Time written = 31; written < 60; ++written) {
    const Time visible = visible_at(written);
    EXPECT_EQ((visible - first) % 5, 0);
    EXPECT_GE(visible - written, 8);  // three cycles to the line, five from it
    EXPECT_LE(visible - written, 12);
  }
}

}  // namespace
}  // namespace hdp::spatten_rtl
