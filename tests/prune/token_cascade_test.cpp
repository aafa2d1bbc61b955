// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <hdp/prune/keep_schedule.hpp>
#include <hdp/prune/token_cascade.hpp>
#include <hdp/prune/top_k.hpp>

namespace hdp {
namespace {

using Tokens = std::vector<std::int32_t>;

TEST(KeptCountTest, RoundsDownKeepsOneAndForgivesADoublesError) {
  EXPECT_EQ(kept_count(0.3, 10, 10), 3);
  EXPECT_EQ(kept_count(0.7 + 0.2 - 0.3, 10, 10), 6);  // 0.5999999999999999 * 10
  EXPECT_EQ(kept_count(0.0, 10, 10), 1);
  EXPECT_EQ(kept_count(0.99, 10, 10), 9);
  EXPECT_EQ(kept_count(0.9, 1'024, 100), 100);
  EXPECT_EQ(kept_count(0.5, 0, 10), 1);
}

TEST(KeepScheduleTest, ConstantStepAndLinear) {
  KeepSchedule schedule{.keep = 0.5};
  EXPECT_EQ(schedule.share_after(7, 12), 0.5);
  schedule = {.kind = KeepSchedule::Kind::Step, .steps = {1, 0.5}};
  EXPECT_EQ(schedule.share_after(1, 2), 0.5);
  schedule = {.kind = KeepSchedule::Kind::Linear, .start_layer = 2, .first = 0.8, .last = 0.4};
  EXPECT_EQ(schedule.share_after(1, 7), 1.0);
  EXPECT_EQ(schedule.share_after(2, 7), 0.8);
  EXPECT_DOUBLE_EQ(schedule.share_after(4, 7), 0.6);
  EXPECT_DOUBLE_EQ(schedule.share_after(6, 7), 0.4);
  schedule.start_layer = 6;
  EXPECT_EQ(schedule.share_after(6, 7), 0.8);  // one layer only: first
}

TEST(KeepScheduleTest, TheBaseIsTheOriginalTheCurrentOrANumber) {
  KeepSchedule schedule{.keep = 0.5};
  EXPECT_EQ(schedule.count_after(0, 1, 100, 60), 50);
  schedule.base = {KeepBase::Kind::Current, 0};
  EXPECT_EQ(schedule.count_after(0, 1, 100, 60), 30);
  schedule.base = {KeepBase::Kind::Number, 80};
  EXPECT_EQ(schedule.count_after(0, 1, 100, 60), 40);
}

TEST(TopKTest, TiesGoToTheLowerIndexAndTheOrderStays) {
  const std::vector<std::int64_t> values{5, 9, 5, 1, 5, 9};
  const Tokens all{0, 1, 2, 3, 4, 5};
  Tokens kept;
  top_k(values, all, 4, kept);
  EXPECT_EQ(kept, (Tokens{0, 1, 2, 5}));
  top_k(values, all, 0, kept);
  EXPECT_TRUE(kept.empty());
  top_k(values, Tokens{2, 3, 4}, 2, kept);
  EXPECT_EQ(kept, (Tokens{2, 4}));
}

RC_GTEST_PROP(TopKTest, KeepsWhatAStableSortPutsFirst, (std::vector<std::uint8_t> bytes)) {
  std::vector<std::int64_t> values(bytes.begin(), bytes.end());
  for (std::int64_t& value : values) value %= 5;  // many ties
  Tokens all(values.size());
  std::iota(all.begin(), all.end(), 0);
  const auto k = *rc::gen::inRange<std::int64_t>(0, std::ssize(all) + 1);
  Tokens sorted = all;
  std::ranges::stable_sort(sorted, std::ranges::greater(),
                           [&](std::int32_t i) { return values[static_cast<std::size_t>(i)]; });
  sorted.resize(static_cast<std::size_t>(k));
  std::ranges::sort(sorted);
  Tokens kept;
  top_k(values, all, k, kept);
  RC_ASSERT(kept == sorted);
}

TEST(RankTest, WhatIsForcedStaysWhateverItsImportance) {
  const std::vector<std::int64_t> importance{8, 3, 7, 0};
  const Ranking ranking = rank(importance, Tokens{0, 1, 2, 3}, 2, 3);
  EXPECT_EQ(ranking.kept, (Tokens{0, 3}));
  EXPECT_EQ(ranking.margin, 1);  // 8 stayed, 7 went
  EXPECT_EQ(rank(importance, Tokens{0, 1}, 2).margin, std::nullopt);
}

TEST(TokenCascadeTest, ARemovedTokenIsGoneForAllLaterLayers) {
  const KeepSchedule half{.keep = 0.5, .base = {KeepBase::Kind::Current, 0}};
  TokenCascade cascade(half, 3, 4, 4);
  cascade.add(std::vector<std::int64_t>{1, 4, 3, 2});
  EXPECT_EQ(cascade.live(0), (Tokens{0, 1, 2, 3}));
  EXPECT_EQ(cascade.rank_after(0).kept, (Tokens{1, 2}));
  EXPECT_EQ(cascade.live(1), (Tokens{1, 2}));
  EXPECT_EQ(cascade.live(2), (Tokens{1, 2}));
  cascade.add(std::vector<std::int64_t>{100, 0, 5, 100});
  EXPECT_EQ(cascade.rank_after(1).kept, (Tokens{2}));
  EXPECT_EQ(cascade.live(0).size(), 4U);
  EXPECT_EQ(cascade.live(2), (Tokens{2}));
}

TEST(TokenCascadeTest, TheNewTokenJoinsEveryLayerAndStaysInItsOwnStep) {
  const KeepSchedule one{.keep = 0};
  TokenCascade cascade(one, 2, 4, 2);
  cascade.join(2);
  EXPECT_EQ(cascade.live(0), (Tokens{0, 1, 2}));
  cascade.add(std::vector<std::int64_t>{9, 8, 0, 0});
  EXPECT_EQ(cascade.rank_after(0).kept, (Tokens{2}));
  EXPECT_EQ(cascade.live(1), (Tokens{2}));
  cascade.join(3);
  EXPECT_EQ(cascade.live(0), (Tokens{0, 1, 2, 3}));  // the first layer still holds all
  EXPECT_EQ(cascade.live(1), (Tokens{2, 3}));
  EXPECT_EQ(cascade.rank_after(0).kept, (Tokens{3}));
}

TEST(TokenCascadeTest, OriginalCountsTheTokensThatHaveJoined) {
  const KeepSchedule half{.keep = 0.5};
  TokenCascade cascade(half, 2, 12, 9);
  cascade.join(9);
  cascade.add(std::vector<std::int64_t>(12, 1));
  EXPECT_EQ(cascade.rank_after(0).kept.size(), 5U);  // of ten
}

}  // namespace
}  // namespace hdp
