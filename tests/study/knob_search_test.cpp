// SPDX-License-Identifier: Apache-2.0
// The search for a step of a knob, beside looking at every step.
#include "study/calibrate/knob_search.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace hdp {
namespace {

/// A measure by table, which counts how often it is asked.
struct Table {
  std::int64_t first = 0;
  std::vector<double> values;
  int asked = 0;

  double operator()(std::int64_t step) {
    ++asked;
    return values.at(static_cast<std::size_t>(step - first));
  }
  [[nodiscard]] KnobGoal goal(double target, bool prunes_upwards, bool rises,
                              bool monotone = true) const {
    return {first, first + std::ssize(values) - 1, prunes_upwards, rises, monotone, target};
  }
  [[nodiscard]] double least_distance(double target) const {
    double least = std::abs(values.front() - target);
    for (const double value : values) least = std::min(least, std::abs(value - target));
    return least;
  }
};

KnobFound search(Table& table, const KnobGoal& goal, std::optional<std::int64_t> from = {}) {
  return search_knob(goal, from, [&](std::int64_t step) { return table(step); });
}

/// Values in steps of a quarter, so that some stand several times, and ties are ties.
Table drawn_table(bool rises) {
  Table table{*rc::gen::inRange<std::int64_t>(-50, 50), {}};
  const auto sizes =
      *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4)));
  double value = *rc::gen::inRange(-8, 8);
  for (const int size : sizes) table.values.push_back(value += size / 4.0 * (rises ? 1 : -1));
  return table;
}

RC_GTEST_PROP(KnobSearchTest, FindsTheNearestStepOfAMonotoneMeasure, ()) {
  const bool rises = *rc::gen::arbitrary<bool>(), upwards = *rc::gen::arbitrary<bool>();
  Table table = drawn_table(rises);
  const double target = *rc::gen::inRange(-100, 200) / 8.0;
  const KnobGoal goal = table.goal(target, upwards, rises);
  std::optional<std::int64_t> from;
  if (*rc::gen::arbitrary<bool>()) from = *rc::gen::inRange(goal.first, goal.last + 1);
  const KnobFound found = search(table, goal, from);
  RC_ASSERT(found.value == table.values.at(static_cast<std::size_t>(found.step - table.first)));
  RC_ASSERT(std::abs(found.value - target) == table.least_distance(target));
  const auto [least, most] = std::ranges::minmax(table.values);
  RC_ASSERT(found.nearest() == (least <= target && target <= most));
  if (found.nearest()) RC_ASSERT(*found.below <= target && target <= *found.above);
  if (!found.nearest()) RC_ASSERT(found.least == least && found.most == most);
}

RC_GTEST_PROP(KnobSearchTest, OfTwoAsNearTakesTheOneThatPrunesLess, (bool upwards)) {
  Table table{0, {1, 1, 2, 2}};
  const KnobFound found = search(table, table.goal(1.5, upwards, true));
  RC_ASSERT(found.value == (upwards ? 1 : 2));
}

TEST(KnobSearchTest, HalvesWhatIsLeft) {
  Table table{0, std::vector<double>(1 << 16)};
  std::iota(table.values.begin(), table.values.end(), 0.0);
  EXPECT_EQ(search(table, table.goal(40'000.3, true, true)).value, 40'000);
  EXPECT_LE(table.asked, 2 + 16);
  table.asked = 0;
  EXPECT_EQ(search(table, table.goal(40'000.3, true, true), 40'003).value, 40'000);
  EXPECT_LE(table.asked, 8);  // from near by it is found near by
}

/// Higher in between than at the ends.
TEST(KnobSearchTest, LooksForTheExtremumWhereTheEndsLieOnOneSide) {
  Table hill{-100, {}};
  for (int step = -100; step <= 300; ++step)
    hill.values.push_back(10 - std::abs(step - 170) / 100.0);
  for (const bool upside_down : {false, true}) {
    if (upside_down)
      for (double& value : hill.values) value = -value;
    const double target = upside_down ? -9.951 : 9.951;
    for (const bool upwards : {false, true}) {
      const KnobFound found = search(hill, hill.goal(target, upwards, true, false));
      EXPECT_TRUE(found.nearest());
      EXPECT_NEAR(found.value, target, 0.01);
    }
    EXPECT_FALSE(search(hill, hill.goal(upside_down ? -11 : 11, true, true, false)).nearest());
    EXPECT_FALSE(search(hill, hill.goal(target, true, true, true)).nearest());  // as it was told
  }
}

TEST(KnobSearchTest, SearchesEveryLayerInTheSamePlays) {
  const std::vector<double> slopes{1, 3, 0, 2};
  int plays = 0;
  const KnobGoal goal{0, 1000, true, true, true, 700.2};
  const auto found = search_layers(goal, slopes.size(), [&](std::span<const std::int64_t> steps) {
    ++plays;
    std::vector<double> values;
    for (std::size_t l = 0; l < steps.size(); ++l)
      values.push_back(slopes[l] * static_cast<double>(steps[l]));
    return values;
  });
  ASSERT_EQ(found.size(), slopes.size());
  EXPECT_EQ(found[0].step, 700);
  EXPECT_EQ(found[1].step, 233);
  EXPECT_EQ(found[2].step, 0);
  EXPECT_FALSE(found[2].nearest());
  EXPECT_EQ(found[3].step, 350);
  EXPECT_LE(plays, 2 + 10);
}

}  // namespace
}  // namespace hdp
