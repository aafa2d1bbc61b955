// SPDX-License-Identifier: Apache-2.0
// The cycles of ranking rows of blocks, by the formula of sim/units/block_ranker.md.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/base/random.hpp>
#include <hdp/units/block_ranker.hpp>

namespace hdp {
namespace {

using Values = std::vector<std::int64_t>;

BlockRankerConfig config_of(std::int64_t parallelism, std::int64_t rows = 1) {
  BlockRankerConfig config;
  config.parallelism = parallelism;
  config.round_cycles = 5;
  config.seed = 9;
  config.rows = rows;
  return config;
}

/// Rounded up.
std::int64_t log2_of(std::int64_t width) {
  std::int64_t layers = 0;
  while ((std::int64_t{1} << layers) < width) ++layers;
  return layers;
}

/// The page's formula, the k-th largest known beforehand by sorting.
BlockRanking by_formula(const BlockRankerConfig& config, RandomStream& pivots, Values live,
                        std::int64_t k) {
  const std::int64_t n = std::ssize(live), p = config.parallelism;
  BlockRanking want{{(n + p - 1) / p + log2_of(p)}, 0, 0, 0};
  if (k == n) return want;
  want.comparisons = n;
  want.passing_cycles = (n + p - 1) / p;
  Values sorted = live;
  std::ranges::sort(sorted, std::greater<>());
  const std::int64_t wanted = sorted[static_cast<std::size_t>(k - 1)];
  for (bool found = false; !found;) {
    const std::int64_t size = std::ssize(live);
    want.rounds += 1;
    want.comparisons += size;
    want.passing_cycles += (size + p - 1) / p;
    want.cycles += Cycles{(size + p - 1) / p + config.round_cycles};
    const std::int64_t pivot = live[pivots.below(live.size())];
    found = pivot == wanted;
    if (!found)
      std::erase_if(live, [=](auto v) { return wanted > pivot ? v <= pivot : v >= pivot; });
  }
  return want;
}

Values random_row(RandomStream& random) {
  Values row(1 + random.below(90));
  const std::uint64_t kinds = random.below(2) == 0 ? 8 : 100'000;
  for (auto& value : row) value = static_cast<std::int64_t>(random.below(kinds)) - 3;
  return row;
}

TEST(BlockRankerTest, ARowTakesTheCyclesOfItsFormula) {
  RandomStream random(3, "rows");
  for (const std::int64_t parallelism : {1, 3, 16, 64}) {
    const BlockRankerConfig config = config_of(parallelism);
    BlockRanker ranker(config);
    RandomStream pivots(static_cast<std::uint64_t>(config.seed), "pivots");
    for (int trial = 0; trial < 500; ++trial) {
      const Values row = random_row(random);
      const auto k = static_cast<std::int64_t>(1 + random.below(row.size()));
      ASSERT_EQ(ranker.row(row, k), by_formula(config, pivots, row, k)) << "trial " << trial;
    }
  }
}

TEST(BlockRankerTest, EqualImportancesTakeOneRound) {
  BlockRanker ranker(config_of(4));
  EXPECT_EQ(ranker.row(Values(10, 7), 3), (BlockRanking{Cycles{3 + 5 + 3 + 2}, 1, 20, 3 + 3}));
}

TEST(BlockRankerTest, WhereAllStayTheRowPassesOnce) {
  BlockRanker ranker(config_of(4));
  EXPECT_EQ(ranker.row(Values{4, 2, 9, 1, 5}, 5), (BlockRanking{Cycles{2 + 2}, 0, 0, 0}));
  EXPECT_EQ(ranker.row(Values{4}, 1), (BlockRanking{Cycles{1 + 2}, 0, 0, 0}));
}

/// A plan of rule top_k with these rows, of which one block of each stays.
HdpPlan plan_of(const std::vector<Values>& rows) {
  HdpPlan plan;
  plan.mask.resize(std::ssize(rows), 16);
  for (std::int64_t i = 0; i < std::ssize(rows); ++i) {
    plan.ranked.add_row(std::span(rows[static_cast<std::size_t>(i)]));
    plan.mask.words(i)[0] = 1;
  }
  return plan;
}

TEST(BlockRankerTest, RowsGoToTheEngineThatIsFreeFirst) {
  // All equal: a row of n blocks takes 2 n + 5 cycles with one comparator a side; of one block 1.
  const HdpPlan plan = plan_of({Values(9), Values(2), Values(3), Values(2), Values(1), Values(9)});
  const auto cycles = [&](std::int64_t engines, std::int64_t first, std::int64_t count) {
    return BlockRanker(config_of(1, engines)).rows(plan, first, count).cycles.count;
  };
  EXPECT_EQ(cycles(1, 0, 6), 23 + 9 + 11 + 9 + 1 + 23);
  EXPECT_EQ(cycles(1, 1, 2), 9 + 11);
  EXPECT_EQ(cycles(2, 0, 6), 23 + 1 + 23);  // beside 9 + 11 + 9
  EXPECT_EQ(cycles(6, 0, 6), 23);
  EXPECT_EQ(cycles(9, 0, 6), 23);
  EXPECT_EQ(cycles(3, 5, 1), 23);
}

TEST(BlockRankerTest, SideBySideRowsCostNoMoreComparisons) {
  RandomStream random(5, "rows");
  std::vector<Values> rows;
  for (int i = 0; i < 12; ++i) rows.push_back(random_row(random));
  const HdpPlan plan = plan_of(rows);
  const BlockRanking one = BlockRanker(config_of(8)).rows(plan, 0, 12);
  const BlockRanking four = BlockRanker(config_of(8, 4)).rows(plan, 0, 12);
  EXPECT_EQ(one.comparisons, four.comparisons);
  EXPECT_EQ(one.rounds, four.rounds);
  EXPECT_EQ(one.passing_cycles, four.passing_cycles);
  EXPECT_LT(four.cycles, one.cycles);
  EXPECT_GE(four.cycles * 4, one.cycles);
}

}  // namespace
}  // namespace hdp
