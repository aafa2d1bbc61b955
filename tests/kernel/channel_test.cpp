// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/kernel/channel.hpp>

namespace hdp {
namespace {

void expect_arrives_exactly_at(const Channel<int>& link, Cycle when) {
  EXPECT_FALSE(link.can_pop(when - Cycles{1})) << "too early";
  EXPECT_TRUE(link.can_pop(when)) << "too late";
  EXPECT_EQ(link.next_pop(), when);
}

TEST(ChannelTest, APushedValueIsVisibleAfterTheLatency) {
  for (std::int64_t latency = 1; latency <= 5; ++latency) {
    for (std::size_t capacity = 1; capacity <= 6; ++capacity) {
      Channel<int> link(capacity, Cycles{latency});
      EXPECT_EQ(link.next_pop(), kNever);
      link.push(Cycle{10}, 7);
      expect_arrives_exactly_at(link, Cycle{10 + latency});
      EXPECT_EQ(link.front(Cycle{10 + latency}), 7);
      EXPECT_EQ(link.pop(Cycle{10 + latency}), 7);
      EXPECT_TRUE(link.empty());
      EXPECT_EQ(link.next_pop(), kNever);
    }
  }
}

TEST(ChannelTest, AFreedSlotCanBeFilledFromTheNextCycle) {
  for (std::size_t capacity = 1; capacity <= 4; ++capacity) {
    Channel<int> link(capacity);
    for (std::size_t i = 0; i < capacity; ++i) {
      EXPECT_TRUE(link.can_push(Cycle{0}));
      link.push(Cycle{0}, static_cast<int>(i));
    }
    EXPECT_FALSE(link.can_push(Cycle{0}));
    EXPECT_EQ(link.pop(Cycle{5}), 0);
    EXPECT_FALSE(link.can_push(Cycle{5})) << "reused in the same cycle";
    EXPECT_TRUE(link.can_push(Cycle{6}));
    link.push(Cycle{6}, 99);
    EXPECT_FALSE(link.can_push(Cycle{6}));
    EXPECT_EQ(link.size(), capacity);
  }
}

TEST(ChannelTest, SeveralSlotsFreedInOneCycleAllReturnInTheNext) {
  Channel<int> link(3);
  for (int i = 0; i < 3; ++i) link.push(Cycle{0}, i);
  EXPECT_EQ(link.pop(Cycle{1}), 0);
  EXPECT_EQ(link.pop(Cycle{1}), 1);
  EXPECT_FALSE(link.can_push(Cycle{1}));
  for (int i = 3; i < 5; ++i) link.push(Cycle{2}, i);
  EXPECT_FALSE(link.can_push(Cycle{2}));
  for (int i = 2; i < 5; ++i) EXPECT_EQ(link.pop(Cycle{3}), i);
}

/// Values moved in `cycles` cycles by ends that never rest.
int moved(std::size_t capacity, std::int64_t latency, bool reader_first, int cycles) {
  Channel<int> link(capacity, Cycles{latency});
  int sent = 0;
  int received = 0;
  for (Cycle now{0}; now < Cycle{cycles}; now = now + Cycles{1}) {
    if (!reader_first && link.can_push(now)) link.push(now, sent++);
    if (link.can_pop(now)) {
      EXPECT_EQ(link.pop(now), received);
      ++received;
    }
    if (reader_first && link.can_push(now)) link.push(now, sent++);
  }
  return received;
}

TEST(ChannelTest, FullThroughputNeedsLatencyPlusOneSlots) {
  for (std::int64_t latency = 1; latency <= 5; ++latency) {
    for (std::size_t capacity = 1; capacity <= 8; ++capacity) {
      const std::int64_t rounds = 20;
      const auto in_flight = std::min(static_cast<std::int64_t>(capacity), latency + 1);
      // The first value takes `latency` cycles; from then on `in_flight` in each round trip.
      const int cycles = static_cast<int>(latency + rounds * (latency + 1));
      for (const bool reader_first : {false, true}) {
        EXPECT_EQ(moved(capacity, latency, reader_first, cycles), rounds * in_flight)
            << "capacity " << capacity << ", latency " << latency;
      }
    }
  }
}

TEST(ChannelTest, MisuseIsALogicFault) {
  EXPECT_THROW(Channel<int>(0), LogicFault);
  EXPECT_THROW(Channel<int>(1, Cycles{0}), LogicFault);
  Channel<int> link(1);
  EXPECT_THROW(link.pop(Cycle{3}), LogicFault);
  EXPECT_THROW((void)link.front(Cycle{3}), LogicFault);
  link.push(Cycle{3}, 1);
  EXPECT_THROW(link.push(Cycle{3}, 2), LogicFault);
  EXPECT_THROW(link.pop(Cycle{3}), LogicFault);
}

struct Idler final : Component {
  using Component::Component;
  void tick(Cycle) override {}
};

TEST(ChannelTest, HasOneReaderAndOneWriter) {
  Idler first("first");
  Idler second("second");
  Channel<int> link(1);
  link.bind_reader(first);
  link.bind_writer(first);
  EXPECT_THROW(link.bind_reader(second), LogicFault);
  EXPECT_THROW(link.bind_writer(second), LogicFault);
}

}  // namespace
}  // namespace hdp
