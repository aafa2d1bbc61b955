// SPDX-License-Identifier: Apache-2.0
// prune.rule=top_k on the machine: what it ranks, and that rows come out balanced.
#include <gtest/gtest.h>

#include "machine/formulas.hpp"
#include "machine/traces.hpp"
#include <hdp/machine/hdp/kind.hpp>
#include <hdp/machine/hdp/run.hpp>

namespace hdp::test {
namespace {

HdpConfig ranking(HdpConfig config) {
  config.prune.rule = PruneRule::TopK;
  return config;
}

/// With importances that are all equal: one round a row.
HdpPlan equal_plan(const Problem& problem, std::int64_t kept) {
  HdpPlan plan = plan_of(problem, 2, leftmost(problem, 2, kept));
  for (std::int64_t i = 0; i < plan.mask.rows(); ++i) {
    const std::int64_t last = std::min(problem.queries, 2 * (i + 1)) - 1;
    const std::vector<std::int64_t> row(static_cast<std::size_t>(ceil_of(problem.visible(last), 2)),
                                        100);
    plan.ranked.add_row(std::span(row));
  }
  return plan;
}

TEST(TopKRuleTest, RankingTakesThePlaceOfThresholds) {
  const Problem problem{0, 24, 32, true};
  HdpConfig config = ranking(unloaded(8, 8));
  for (const std::int64_t side_by_side : {1, 2, 4}) {
    config.core.sparsity_engine.top_k.rows = side_by_side;
    const HdpPlan plan = equal_plan(problem, 4);
    Expected want = expect_hdp(config, 64, problem, leftmost(problem, 2, 4));
    for (std::size_t s = 0; s < want.select.size(); ++s) {
      // Rows of 5 to 16 blocks: a round with its 3 cycles, and the pass through 4 shifters.
      want.select[s] = 4 / side_by_side * (1 + 3 + 1 + 4);
    }
    EXPECT_EQ(play(config, 64, plan).cycles, expected_cycles(want)) << side_by_side;
  }
}

TEST(TopKRuleTest, WhereEveryBlockStaysNothingIsRanked) {
  const Problem problem{0, 8, 32, false};
  const Played got = play(ranking(unloaded(8, 8)), 64, equal_plan(problem, 16));
  EXPECT_EQ(got.totals().comparisons, 0);
  EXPECT_EQ(play(ranking(unloaded(8, 8)), 64, equal_plan(problem, 3)).totals().comparisons,
            4 * (16 + 16));
}

TEST(TopKRuleTest, WhatIsRankedPassesTwice) {
  // Sixteen importances of 24 bits are two words of 256: read for the round and for the mask, in
  // which sixteen pass a cycle. Where every block stays they are read once.
  const Problem problem{0, 8, 32, false};
  const auto read = [&](const Played& got) {
    return got.counter("core0.mask_sram", "bits_read") / 256;
  };
  HdpConfig config = ranking(unloaded(8, 8));
  config.core.mask_sram.word_bits = 256;
  const Played some = play(config, 64, equal_plan(problem, 3));
  const Played all = play(config, 64, equal_plan(problem, 16));
  EXPECT_EQ(some.totals().ranking_cycles, 4 * (1 + 1));
  EXPECT_EQ(all.totals().ranking_cycles, 0);
  EXPECT_EQ(read(some), read(all) + 4 * 2);
}

TEST(TopKRuleTest, EveryStripOfATraceIsBalanced) {
  const Trace trace = random_trace({2, 1, 32, 32, 16}, Stage::Prefill, false, 7, 2);
  HdpConfig config;
  config.prune.keep = 0.3;
  EXPECT_GT(run_hdp(config, trace).imbalance, 1.05);
  config = ranking(config);
  const HdpResult balanced = run_hdp(config, trace);
  EXPECT_EQ(balanced.imbalance, 1);
  EXPECT_EQ(balanced.decisions.blocks_existing - balanced.decisions.blocks_pruned,
            2 * 2 * 16 * 4);  // 4 of 16 blocks in 16 rows, of two heads in two layers
  EXPECT_GT(balanced.totals.comparisons, 0);
}

TEST(TopKRuleTest, TheSeedOfItsPivotsIsReported) {
  const Trace trace = random_trace({1, 1, 8, 8, 8}, Stage::Prefill, false, 7, 1);
  HdpConfig config = ranking({});
  config.core.sparsity_engine.top_k.seed = 41;
  const auto seed = [&] { return play(*make_machine(config), Workload(trace)).machine.seed; };
  EXPECT_EQ(seed(), 41);
  config.prune.rule = PruneRule::Threshold;
  EXPECT_EQ(seed(), std::nullopt);
}

}  // namespace
}  // namespace hdp::test
