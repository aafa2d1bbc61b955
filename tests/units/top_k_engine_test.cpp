// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include <hdp/units/batcher_sorter.hpp>
#include <hdp/units/top_k_engine.hpp>
#include <hdp/units/zero_eliminator.hpp>

namespace hdp {
namespace {

TopKEngineConfig engine_of(std::int64_t parallelism, std::int64_t seed = 1) {
  TopKEngineConfig config;
  config.parallelism = parallelism;
  config.seed = seed;
  return config;
}

std::vector<std::int32_t> largest(const std::vector<std::int64_t>& values, std::int64_t k) {
  std::vector<std::int32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    return values[static_cast<std::size_t>(a)] > values[static_cast<std::size_t>(b)];
  });
  order.resize(static_cast<std::size_t>(k));
  std::sort(order.begin(), order.end());
  return order;
}

TEST(TopKEngineTest, KeepsTheLargestAndOfEqualsTheFirstInTheirOrder) {
  RandomStream random(7, "values");
  TopKEngine engine(TopKEngineConfig{});
  for (int trial = 0; trial < 2'000; ++trial) {
    std::vector<std::int64_t> values(1 + random.below(60));
    const std::uint64_t kinds = 1 + random.below(12);
    for (auto& value : values) value = static_cast<std::int64_t>(random.below(kinds)) - 5;
    const auto k = static_cast<std::int64_t>(1 + random.below(values.size()));
    ASSERT_EQ(engine.select(values, k).kept, largest(values, k));
  }
}

TEST(TopKEngineTest, EqualValuesTakeOneRound) {
  TopKEngine engine(engine_of(4));
  const TopKSelection selection = engine.select(std::vector<std::int64_t>(10, 3), 4);
  EXPECT_EQ(selection.rounds, 1);
  EXPECT_EQ(selection.select_cycles, 3 + 3);  // ceil(10 / 4), and the round
  EXPECT_EQ(selection.filter_cycles, 3 + 2);  // and two layers of shifters
  EXPECT_EQ(selection.comparisons, 20);
}

TEST(TopKEngineTest, EveryRoundTakesItsValuesOverTheParallelism) {
  // Two values: a round with both, and perhaps one with the other.
  TopKEngineConfig config = engine_of(1);
  config.round_cycles = 10;
  TopKEngine engine(config);
  int ones = 0;
  for (int i = 0; i < 100; ++i) {
    const TopKSelection selection = engine.select(std::vector<std::int64_t>{1, 2}, 1);
    EXPECT_EQ(selection.select_cycles, selection.rounds == 1 ? 12 : 12 + 11);
    ones += selection.rounds == 1;
  }
  EXPECT_GT(ones, 20);
  EXPECT_LT(ones, 80);
}

TEST(TopKEngineTest, TheWorstCaseIsOneValueLessEveryRound) {
  const TopKEngine engine(engine_of(16));
  EXPECT_EQ(engine.worst_select_cycles(32), 16 * 2 + 16 * 1 + 32 * 3);
}

struct Cell {
  std::int64_t size, target, parallelism;
  double mean, deviation;
};

// papers/spatten.md, E: converged over 20,000 samples (4,000 from 2,048 values on).
constexpr Cell kTable[] = {
    {64, 32, 8, 48.7, 15.4},      {64, 32, 16, 36.9, 12.2},     {64, 32, 32, 31.3, 10.7},
    {128, 64, 8, 79.9, 23.4},     {128, 64, 16, 54.9, 16.4},    {128, 64, 32, 42.7, 13.2},
    {256, 32, 8, 116.0, 35.4},    {256, 32, 16, 74.0, 22.0},    {256, 32, 32, 53.3, 15.8},
    {512, 64, 8, 208.4, 64.2},    {512, 64, 16, 122.6, 36.1},   {512, 64, 32, 79.9, 22.7},
    {512, 128, 8, 233.8, 68.0},   {512, 128, 16, 136.2, 38.2},  {512, 128, 32, 87.7, 23.9},
    {1024, 512, 8, 470.8, 132.3}, {1024, 512, 16, 257.7, 70.3}, {1024, 512, 32, 151.3, 39.7},
    {1024, 128, 8, 389.1, 121.9}, {1024, 128, 16, 215.4, 64.6}, {1024, 128, 32, 128.7, 36.5},
    {1024, 32, 8, 323.7, 106.1},  {1024, 32, 16, 180.4, 56.4},  {1024, 32, 32, 109.1, 32.0},
    {2048, 64, 8, 616.4, 201.5},  {2048, 64, 16, 329.1, 103.8}, {2048, 64, 32, 185.6, 55.4},
    {4096, 32, 8, 1104.0, 374.0}, {4096, 32, 16, 573.0, 189.6}, {4096, 32, 32, 307.8, 97.6},
};

// Over 2,000 fixed seeds, within four standard errors.
TEST(TopKEngineTest, MeanCyclesAreThoseOfTheAuthorsLatencyModel) {
  constexpr int kSeeds = 2'000;
  for (const Cell& cell : kTable) {
    SCOPED_TRACE(testing::Message()
                 << cell.size << ", " << cell.target << ", P " << cell.parallelism);
    std::vector<std::int64_t> values(static_cast<std::size_t>(cell.size));
    std::iota(values.begin(), values.end(), 0);  // the pivots alone are random
    double sum = 0;
    for (int seed = 0; seed < kSeeds; ++seed) {
      TopKEngine engine(engine_of(cell.parallelism, seed));
      sum += static_cast<double>(engine.select(values, cell.target).select_cycles);
    }
    EXPECT_NEAR(sum / kSeeds, cell.mean, 4 * cell.deviation / std::sqrt(kSeeds));
  }
}

TEST(ZeroEliminatorTest, ValidElementsMoveToTheFrontInTheirOrder) {
  RandomStream random(3, "values");
  for (std::size_t width = 1; width <= 33; ++width) {
    std::vector<std::int64_t> values(width), expected;
    std::vector<bool> valid(width);
    for (std::size_t i = 0; i < width; ++i) {
      values[i] = static_cast<std::int64_t>(i) + 1;
      valid[i] = random.below(2) == 0;
      if (valid[i]) expected.push_back(values[i]);
    }
    const CompactLine line = eliminate_zeros(values, valid);
    EXPECT_EQ(line.count, std::ssize(expected));
    expected.resize(width);
    EXPECT_EQ(line.values, expected);
  }
}

TEST(ZeroEliminatorTest, HasALayerForEachBitOfTheShift) {
  EXPECT_EQ(zero_eliminator_layers(1), 0);
  EXPECT_EQ(zero_eliminator_layers(2), 1);
  EXPECT_EQ(zero_eliminator_layers(16), 4);
  EXPECT_EQ(zero_eliminator_layers(17), 5);
}

TEST(BatcherSorterTest, SortsWhateverIsZeroOrOne) {
  for (std::size_t size = 1; size <= 9; ++size) {
    const BatcherSorter network(static_cast<std::int64_t>(size));
    for (std::uint32_t bits = 0; bits < 1U << size; ++bits) {
      std::vector<std::int64_t> values(size);
      for (std::size_t i = 0; i < size; ++i) values[i] = bits >> i & 1;
      network.sort(values);
      ASSERT_TRUE(std::is_sorted(values.rbegin(), values.rend()));
    }
  }
}

TEST(BatcherSorterTest, HasTheComparatorsAndTheDepthOfTheFormula) {
  for (std::int64_t m = 1; m <= 12; ++m) {
    const BatcherSorter network(std::int64_t{1} << m);
    EXPECT_EQ(4 * (network.comparisons() + 1), (m * m - m + 4) << m);
    EXPECT_EQ(std::ssize(network.layers()), m * (m + 1) / 2);
    EXPECT_EQ(network.cycles(1), network.comparisons());
    EXPECT_EQ(network.cycles(1 << 12), std::ssize(network.layers()));
  }
}

}  // namespace
}  // namespace hdp
