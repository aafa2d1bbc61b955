// SPDX-License-Identifier: Apache-2.0
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
  EXPECT_EQ(list[2].at("ts"), 2.6);
  EXPECT_EQ(list[1].at("tid"), list[0].at("tid"));
}

TEST(TraceEventsTest, EveryTrackHasANumberOfItsOwn) {
  TraceEvents events(1000);
  for (const char* track : {"a", "b", "a"}) events.span(track, "x", Cycle{0}, Cycle{1});
  const auto json = written(events);
  std::vector<int> numbers;
  for (const auto& event : json.at("traceEvents"))
    if (event.at("ph") == "X") numbers.push_back(event.at("tid").get<int>());
  EXPECT_EQ(numbers, (std::vector{1, 2, 1}));
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
