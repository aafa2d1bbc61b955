// SPDX-License-Identifier: Apache-2.0
// Who a run hangs on: the last of the things that every event waited for, back to the first cycle.
#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "kernel/toys.hpp"
#include <hdp/kernel/engine.hpp>

namespace hdp::test {
namespace {

constexpr int kValues = 20;

struct Line {
  Line(Cycles gap, Cycles first_service, Cycles second_service, Cycles latency, std::size_t slots)
      : a(slots),
        b(slots, latency),
        c(slots),
        source("source", a, kValues, gap),
        first("first", a, b, first_service),
        second("second", b, c, second_service),
        sink("sink", c) {
    for (Component* part : std::initializer_list<Component*>{&source, &first, &second, &sink})
      engine.add(*part);
    engine.run_until_idle(Cycle{10'000});
  }
  [[nodiscard]] CriticalTime of(std::string_view name) const {
    for (const CriticalTime& time : engine.times_of(sink.path()))
      if (time.account == name) return time;
    return {};
  }

  Channel<int> a, b, c;
  Source source;
  Stage first, second;
  Sink sink;
  Engine engine;
};

TEST(CriticalPathTest, TheSlowestPartOfAPipelineIsAllOfIt) {
  const Line line({1}, {3}, {10}, {1}, 2);
  EXPECT_EQ(line.of("second").work, 10 * kValues);
  EXPECT_EQ(line.of("first").work, 3);  // of the first value
  EXPECT_EQ(line.of("source").work, 0);
}

TEST(CriticalPathTest, APartThatWaitsForRoomIsNotToBlame) {
  for (const std::size_t slots : {1U, 2U, 8U}) {
    const Line line({1}, {9}, {10}, {1}, slots);
    EXPECT_EQ(line.of("second").work, 10 * kValues) << slots;
    EXPECT_EQ(line.of("first").work, 9) << slots;
  }
}

TEST(CriticalPathTest, TheFirstOfTwoIsToBlameWhereTheSecondWaitsForIt) {
  const Line line({1}, {10}, {3}, {1}, 2);
  EXPECT_EQ(line.of("first").work, 10 * kValues);
  EXPECT_EQ(line.of("second").work, 3);  // of the last value
}

TEST(CriticalPathTest, LatencyIsAnAccountOfItsOwn) {
  const Line line({50}, {3}, {4}, {30}, 2);
  EXPECT_EQ(line.of("source").work, 50 * (kValues - 1));
  EXPECT_EQ(line.of("first").work, 3);
  EXPECT_EQ(line.of("first").latency, 30);
  EXPECT_EQ(line.of("second").work, 4);
}

TEST(CriticalPathTest, EveryCycleIsChargedOnce) {
  for (const std::int64_t service : {1, 5, 17}) {
    const Line line({2}, {service}, {6}, {4}, 3);
    std::int64_t sum = 0;
    for (const CriticalTime& time : line.engine.times_of(line.sink.path())) sum += time.cycles();
    EXPECT_EQ(sum, line.sink.path().end().index);
    EXPECT_EQ(sum, line.sink.seen[line.sink.seen.size() - 2]);
  }
}

TEST(CriticalPathTest, AccountsBeyondTheLastShareIt) {
  Engine engine;
  for (std::size_t i = 0; i < CriticalPath::kAccounts + 3; ++i)
    EXPECT_EQ(engine.account("account" + std::to_string(i)),
              std::min(i, CriticalPath::kAccounts - 1));
  EXPECT_EQ(engine.account("account2"), 2U);
}

}  // namespace
}  // namespace hdp::test
