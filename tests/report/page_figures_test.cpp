// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <hdp/report/page_figures.hpp>

namespace hdp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Values = std::vector<std::optional<double>>;

TEST(ParetoFrontTest, NoOtherPointBeatsOneOfTheFront) {
  EXPECT_THAT(pareto_front(Values{3, 1, 2, 2, 4}, Values{1, 3, 2, 5, 1}), ElementsAre(1, 2, 0));
  EXPECT_THAT(pareto_front(Values{}, Values{}), IsEmpty());
  EXPECT_THAT(pareto_front(Values{1, {}, 2}, Values{{}, 1, 7}), ElementsAre(2));
}

TEST(ParetoFrontTest, PointsThatAreAlikeAreAllOfIt) {
  EXPECT_THAT(pareto_front(Values{1, 1, 1}, Values{2, 2, 3}), ElementsAre(0, 1));
}

RC_GTEST_PROP(ParetoFrontTest, IsWhatTheDefinitionSays,
              (const std::vector<std::pair<int, int>>& points)) {
  Values cost, error;
  for (const auto& [x, y] : points) {
    cost.emplace_back(x % 7);
    error.emplace_back(y % 7);
  }
  std::vector<std::size_t> plain;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto beats = [&](std::size_t j) {
      return *cost[j] <= *cost[i] && *error[j] <= *error[i] &&
             (*cost[j] < *cost[i] || *error[j] < *error[i]);
    };
    bool beaten = false;
    for (std::size_t j = 0; j < points.size(); ++j) beaten = beaten || beats(j);
    if (!beaten) plain.push_back(i);
  }
  auto front = pareto_front(cost, error);
  for (std::size_t i = 1; i < front.size(); ++i) RC_ASSERT(*cost[front[i - 1]] <= *cost[front[i]]);
  std::ranges::sort(front);
  RC_ASSERT(front == plain);
}

TEST(SpreadTest, MedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle) {
  const Spread odd = spread_of({5, 1, 9}), even = spread_of({4, 1, 9, 2});
  EXPECT_EQ((std::vector{odd.least, odd.median, odd.most}), (std::vector{1.0, 5.0, 9.0}));
  EXPECT_EQ((std::vector{even.least, even.median, even.most}), (std::vector{1.0, 3.0, 9.0}));
  EXPECT_EQ(even.count, 4U);
}

TEST(AxisBinsTest, NumbersRiseWhateverTheirKind) {
  const std::vector<Fact> values{0.5, 2, -1, 0.5};
  const AxisBins bins = bins_of(values);
  EXPECT_THAT(bins.labels, ElementsAre("-1", "0.5", "2"));
  EXPECT_THAT(bins.of_point, ElementsAre(1, 2, 0, 1));
}

TEST(AxisBinsTest, WordsStandAsTheyComeFirst) {
  const std::vector<Fact> values{"signed", true, Facts{{"rows", 4}}, "signed", 3};
  const AxisBins bins = bins_of(values);
  EXPECT_THAT(bins.labels, ElementsAre("signed", "true", R"({"rows":4})", "3"));
  EXPECT_THAT(bins.of_point, ElementsAre(0, 1, 2, 0, 3));
}

TEST(AxisBinsTest, ManyNumbersAreRangesOfAboutAsManyPoints) {
  std::vector<Fact> values;
  for (int i = 0; i < 100; ++i) values.emplace_back(i * i);
  const AxisBins bins = bins_of(values, 10);
  EXPECT_THAT(bins.labels, ElementsAre("0 ... 361", "400 ... 1521", "1600 ... 3481",
                                       "3600 ... 6241", "6400 ... 9801"));
  for (std::size_t bin = 0; bin < 5; ++bin)
    EXPECT_EQ(std::ranges::count(bins.of_point, bin), 20) << bin;
}

RC_GTEST_PROP(AxisBinsTest, EveryPointHasALabel, (const std::vector<int>& numbers)) {
  std::vector<Fact> values(numbers.begin(), numbers.end());
  const AxisBins bins = bins_of(values, 4);
  RC_ASSERT(bins.of_point.size() == values.size());
  for (const std::size_t bin : bins.of_point) RC_ASSERT(bin < bins.labels.size());
}

}  // namespace
}  // namespace hdp
