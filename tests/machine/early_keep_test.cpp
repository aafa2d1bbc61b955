// SPDX-License-Identifier: Apache-2.0
// Early keep: when kept rows may be fetched, to the cycle.
#include <gtest/gtest.h>

#include "machine/bench.hpp"

namespace hdp::test {
namespace {

constexpr Problem kProblem{0, 32, 32, false};  // four strips of four rows of blocks of 100

Cycle first_fraction(std::int64_t limit, bool early) {
  HdpConfig config = unloaded(8, 8);
  config.core.early_keep = early;
  HdpPlan plan = plan_of(kProblem, 2, leftmost(kProblem, 2, 4));
  plan.head_limit = limit;
  return play(config, 64, plan).phase(RecordedPhase::Fraction).start;
}

TEST(EarlyKeepTest, FractionsBeginWithTheFirstStripBeyondTheLimit) {
  // Strip 0 sums up to 400. Its masks come at 7 + 256 + 4 + 16 + 20 + 1 = 304, its rows six cycles
  // later; in front of them in the array's queue are the tiles that are given by then: up to the
  // seventh of 64 cycles.
  EXPECT_EQ(first_fraction(399, true), Cycle{7 + 7 * 64});
  // 400 is not beyond 400: strip 1 decides, four tiles later.
  EXPECT_EQ(first_fraction(400, true), Cycle{7 + 11 * 64});
  EXPECT_EQ(first_fraction(799, true), Cycle{7 + 11 * 64});
}

TEST(EarlyKeepTest, WithoutItTheLastStripDecides) {
  const Cycle late{7 + 16 * 64 + 4 + 16 + 21 + 1 + 7};
  EXPECT_EQ(first_fraction(0, false), late);
  EXPECT_EQ(first_fraction(1599, true), late);
}

TEST(EarlyKeepTest, AHeadThatWillBePrunedIsNeverKeptEarly) {
  HdpConfig config = unloaded(8, 8);
  config.core.early_keep = true;
  HdpPlan plan = plan_of(kProblem, 2, leftmost(kProblem, 2, 4), false);
  plan.head_limit = 5000;
  const Played played = play(config, 64, plan);
  EXPECT_FALSE(played.phase(RecordedPhase::Fraction).happened());
  EXPECT_EQ(played.read_of(Tensor::V), 0);
}

TEST(EarlyKeepTest, WithoutAHeadThresholdNothingIsWaitedFor) {
  // No head test, and each strip goes on as soon as its masks are known: 7 + 256 + 4 + 16 + 20 + 1.
  for (const bool early : {false, true}) {
    HdpConfig config = unloaded(8, 8);
    config.prune.tau = -1;
    config.core.early_keep = early;
    const Played played = play(config, 64, plan_of(kProblem, 2, leftmost(kProblem, 2, 4)));
    EXPECT_EQ(played.phase(RecordedPhase::Fraction).start, Cycle{7 + 7 * 64});
    EXPECT_TRUE(played.phase(RecordedPhase::Decide).happened());
  }
}

}  // namespace
}  // namespace hdp::test
