// SPDX-License-Identifier: Apache-2.0
// The probability unit on strips of HDP (sim/units/probability_unit.md).
#include <gtest/gtest.h>

#include <hdp/kernel/engine.hpp>
#include <hdp/units/probability_unit.hpp>
#include <hdp/units/stream_unit.hpp>

namespace hdp::test {
namespace {

TEST(ProbabilityStripTest, FormulasOfThePage) {
  const ProbabilityUnitConfig config{.tests_per_cycle = 4, .margin_elements = 32};
  EXPECT_EQ(margin_cycles(config, 64), 2);
  EXPECT_EQ(margin_cycles(config, 65), 3);
  EXPECT_EQ(probability_row_cycles(config, 9, true), 6) << "all enter before any is tested";
  EXPECT_EQ(probability_row_cycles(config, 9, false), 3);
  EXPECT_EQ(probability_row_cycles(config, 0, false), 0);
}

TEST(ProbabilityStripTest, VerdictsFollowALatencyAfterTheLastBound) {
  const ProbabilityUnitConfig config;
  Channel<StreamJob> bounds{4};
  Channel<StreamDone> verdicts{8, Cycles{config.latency_cycles}};
  StreamUnit unit("probability", "probability", bounds, verdicts, strip_probability_kind());
  Engine engine;
  engine.add(unit);
  bounds.push(Cycle{9}, {{1, 2}, 30});
  bounds.push(Cycle{9}, {{1, 3}, 0});
  engine.run_for(Cycles{100});
  engine.close_all();
  EXPECT_EQ(verdicts.next_pop(), Cycle{10 + 30 + config.latency_cycles});
  EXPECT_EQ(verdicts.pop(Cycle{100}).id, (StripId{1, 2}));
  EXPECT_EQ(verdicts.next_pop(), Cycle{10 + 31 + config.latency_cycles});
  EXPECT_EQ(unit.report().kind, "probability_unit");
  EXPECT_EQ(unit.report().counters.front().name, "rounds");
  EXPECT_EQ(unit.report().counters.front().value, 2);
  EXPECT_EQ(unit.report().busy, 31);
}

}  // namespace
}  // namespace hdp::test
