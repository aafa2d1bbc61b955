// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <hdp/report/trace_events.hpp>

namespace hdp {
namespace {

nlohmann::json written(TraceEvents& events) { return nlohmann::json::parse(events.text()); }

TEST(TraceEventsTest, CyclesBecomeMicrosecondsOfTheCoreClock) {
  TraceEvents events(500);
  events.span("core0.pe_array", "integer", Cycle{1000}, Cycle{1250});
  events.instant("core0.pe_array", "decided", Cycle{1300});
  const auto list = written(events).at("traceEvents");
  ASSERT_EQ(list.size(), 4U);
  EXPECT_EQ(list[0].at("args").at("name"), "core0.pe_array");
  EXPECT_EQ(list[1].at("ph"), "X");
  EXPECT_EQ(list[1].at("name"), "integer");
  EXPECT_EQ(list[1].at("ts"), 2.0);
  EXPECT_EQ(list[1].at("dur"), 0.5);
  EXPECT_EQ(list[2].at("ph"), "i");
  EXPECT_NEAR(list[2].at("ts").get<double>(), 2.6, 1.0 / 65536);
  EXPECT_EQ(list[1].at("tid"), list[0].at("tid"));
}

TEST(TraceEventsTest, EveryTrackHasANumberOfItsOwn) {
  TraceEvents events(1000);
  std::int64_t at = 0;
  for (const char* track : {"a", "b", "a"}) events.span(track, "x", Cycle{at}, Cycle{at + 1}), ++at;
  const auto json = written(events);
  std::vector<int> numbers;
  for (const auto& event : json.at("traceEvents"))
    if (event.at("ph") == "X") numbers.push_back(event.at("tid").get<int>());
  EXPECT_EQ(numbers, (std::vector{1, 2, 1}));
}

TEST(TraceEventsTest, SpansThatOverlapLieOnTracksOfTheSameName) {
  TraceEvents events(1000);
  events.span("fetch", "k", Cycle{1}, Cycle{35});
  events.span("fetch", "v", Cycle{2}, Cycle{40});
  events.span("fetch", "q", Cycle{35}, Cycle{50});
  events.span("other", "q", Cycle{0}, Cycle{60});
  const auto json = written(events);
  std::map<int, std::string> names, spans;
  std::map<int, int> places;
  for (const auto& event : json.at("traceEvents")) {
    const int track = event.value("tid", 0);
    if (event.at("ph") == "X") spans[track] += event.at("name").get<std::string>();
    if (event.at("name") == "thread_name") names[track] = event.at("args").at("name");
    if (event.at("name") == "thread_sort_index") places[track] = event.at("args").at("sort_index");
  }
  EXPECT_EQ(spans, (std::map<int, std::string>{{1, "kq"}, {2, "v"}, {3, "q"}}));
  EXPECT_EQ(names, (std::map<int, std::string>{{1, "fetch"}, {2, "fetch"}, {3, "other"}}));
  EXPECT_EQ(places, (std::map<int, int>{{1, 1}, {2, 2}, {3, 3}}));
}

TEST(TraceEventsTest, SpansMeetWithoutOverlapAtAnyClock) {
  for (const std::int64_t mhz : {1, 333, 700, 1000, 1500, 2400, 100'000}) {
    TraceEvents events(mhz);
    for (std::int64_t i = 0; i < 5000; ++i) events.span("a", "x", Cycle{i}, Cycle{i + 1});
    const auto json = written(events);
    double end = 0;
    std::int64_t end_ns = 0;  // of a reader that cuts starts and lengths to nanoseconds
    for (const auto& event : json.at("traceEvents")) {
      if (event.at("ph") != "X") continue;
      const double start = event.at("ts"), length = event.at("dur");
      const auto start_ns = static_cast<std::int64_t>(start * 1000);
      ASSERT_EQ(event.at("tid"), 1);
      ASSERT_EQ(start, end) << mhz;
      ASSERT_GE(start_ns, end_ns) << mhz;
      end = start + length;
      end_ns = start_ns + static_cast<std::int64_t>(length * 1000);
    }
    EXPECT_NEAR(end, 5000.0 / static_cast<double>(mhz), 1.0 / 65536);
  }
}

TEST(TraceEventsTest, WhatComesAfterTheLastPlaceIsCountedAndLeftOut) {
  TraceEvents events(1000, 3);
  for (std::int64_t i = 0; i < 5; ++i) events.span("a", "x", Cycle{i}, Cycle{i + 1});
  events.instant("b", "y", Cycle{9});
  const auto json = written(events);
  EXPECT_EQ(json.at("otherData").at("events_left_out"), 3);
  int spans = 0;
  for (const auto& event : json.at("traceEvents"))
    if (event.at("ph") == "X") ++spans;
  EXPECT_EQ(spans, 3);
}

TEST(TraceEventsTest, NoEventsAtAllAreValidJson) {
  TraceEvents events(1000);
  EXPECT_EQ(written(events).at("otherData").at("events_left_out"), 0);
}

}  // namespace
}  // namespace hdp
