// SPDX-License-Identifier: Apache-2.0
// The closed formulas of docs/hdp.md for dense attention on the same hardware.
#include <array>

#include <gtest/gtest.h>

#include "machine/formulas.hpp"

namespace hdp::test {
namespace {

struct Sums {
  std::int64_t score = 0, value = 0, softmax = 0;
};

Sums sums_of(const HdpConfig& config, std::int64_t d, const Problem& problem) {
  const std::int64_t rows = config.core.pe_array.rows, columns = config.core.pe_array.columns;
  Sums sums;
  for (std::int64_t top = 0; top < problem.queries; top += rows) {
    const std::int64_t end = std::min(top + rows, problem.queries);
    const std::int64_t visible = problem.visible(end - 1);
    sums.score += ceil_of(visible, columns) * d;
    sums.value += visible * ceil_of(d, columns);
    for (std::int64_t i = top; i < end; ++i)
      sums.softmax += ceil_of(problem.visible(i), config.core.softmax.lanes);
  }
  return sums;
}

TEST(DenseFormulaTest, OneStripIsExact) {
  for (const Problem& problem : {Problem{0, 8, 32, false}, Problem{0, 5, 19, false},
                                 Problem{0, 8, 21, true}, Problem{0, 1, 40, true}})
    for (const std::int64_t d : {64, 100})
      for (const Precision precision : {Precision::Uniform, Precision::Fused, Precision::Split}) {
        const HdpConfig config = unloaded(8, 8, 2, precision);
        const Sums want = sums_of(config, d, problem);
        const Played got = play_dense(config, shape_of(problem, d), problem);
        EXPECT_EQ(got.phase(RecordedPhase::Score).start, Cycle{kFirstTile});
        EXPECT_EQ(got.phase(RecordedPhase::Score).end, Cycle{kFirstTile + want.score});
        EXPECT_EQ(got.phase(RecordedPhase::Softmax).start, Cycle{kFirstTile + want.score});
        EXPECT_EQ(got.cycles, kFirstTile + want.score + kPipeline + want.softmax + kSoftmaxLatency +
                                  kJobHop + want.value + kWriteBack);
      }
}

TEST(DenseFormulaTest, BusyCyclesAreTheSumsOverStrips) {
  for (const Problem& problem : {Problem{0, 64, 64, false}, Problem{0, 61, 75, false},
                                 Problem{0, 40, 40, true}, Problem{0, 33, 47, true}}) {
    const HdpConfig config = unloaded(8, 16);
    const Sums want = sums_of(config, 64, problem);
    const Played got = play_dense(config, shape_of(problem, 64), problem);
    EXPECT_EQ(got.array("score"), want.score);
    EXPECT_EQ(got.array("value"), want.value);
    EXPECT_EQ(got.unit("core0.softmax").busy, want.softmax);
    EXPECT_EQ(got.unit("core0.pe_array").busy, want.score + want.value);
  }
}

TEST(DenseFormulaTest, AManyStripHeadHidesTheSoftmax) {
  // ceil(l/R) ceil(l/C) d + ceil(l/R) ceil(d/C) l and the two ends: the array never waits between,
  // but for the softmax of the last strip.
  const Problem problem{0, 32, 32, false};
  const Played got = play_dense(unloaded(8, 8), shape_of(problem, 64), problem);
  EXPECT_EQ(got.cycles, kFirstTile + 4 * 4 * 64 + 4 * 8 * 32 + kWriteBack);
  EXPECT_EQ(got.blocked("core0.pe_array", "softmax"), 0);
}

TEST(DenseFormulaTest, PrecisionDoesNotChangeDenseAttention) {
  const Problem problem{0, 20, 36, false};
  const auto want = accounts(play_dense(unloaded(8, 8), shape_of(problem, 64), problem));
  for (const Precision precision : {Precision::Fused, Precision::Split})
    EXPECT_EQ(accounts(play_dense(unloaded(8, 8, 2, precision), shape_of(problem, 64), problem)),
              want);
}

}  // namespace
}  // namespace hdp::test
