// SPDX-License-Identifier: Apache-2.0
// The cascade in front of HDP's block pruning: decisions, composition, time.
#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "machine/traces.hpp"
#include <hdp/machine/hdp/run.hpp>
#include <hdp/prune/hdp_cascade.hpp>

namespace hdp::test {
namespace {

constexpr LayerShape kPrefill{4, 2, 24, 24, 16};
constexpr LayerShape kDecode{4, 2, 6, 30, 16};

HdpConfig machine(const std::string& tokens, const std::string& heads) {
  HdpConfig config;
  config.prune.tau = 0.5;
  config.cascade.token.keep = tokens;
  config.cascade.head.keep = heads;
  return config;
}

std::vector<Trace> traces() {
  std::vector<Trace> all;
  all.push_back(random_trace(kPrefill, Stage::Prefill, false, 1, 3));
  all.push_back(random_trace(kPrefill, Stage::Prefill, true, 2, 3));
  all.push_back(random_trace(kDecode, Stage::Decode, true, 3, 3));
  return all;
}

const UnitReport& top_k_of(const HdpResult& result) {
  return *std::ranges::find(result.units, "top_k", &UnitReport::instance);
}

TEST(CascadeTest, KeepingAllDecidesAsHdpAlone) {
  for (const Trace& trace : traces()) {
    const HdpConfig config = machine("1", "1");
    const HdpResult alone = run_hdp(config, trace);
    EXPECT_TRUE(alone.cascade.empty());
    const auto layers = plan_cascade(trace, config.prune, alone.formats, HdpCascadeSchedules{}, 2);
    HdpCounts counts;
    for (std::size_t l = 0; l < layers.size(); ++l) {
      counts.add(layers[l].counts);
      EXPECT_EQ(layers[l].live_entries, layers[l].dense_entries);
      EXPECT_DOUBLE_EQ(*layers[l].error.relative_frobenius(),
                       *alone.layers[l].error.relative_frobenius());
      EXPECT_NEAR(layers[l].mass / static_cast<double>(layers[l].rows), alone.layers[l].mass_sum,
                  1e-9);
    }
    EXPECT_EQ(counts.heads_total, alone.decisions.heads_total);
    EXPECT_EQ(counts.heads_pruned, alone.decisions.heads_pruned);
    EXPECT_EQ(counts.blocks_pruned, alone.decisions.blocks_pruned);
    EXPECT_EQ(counts.kept_entries, alone.decisions.kept_entries);
    EXPECT_EQ(counts.q_saturated, alone.decisions.q_saturated);
    EXPECT_EQ(counts.k_saturated, alone.decisions.k_saturated);
  }
}

TEST(CascadeTest, SparsitiesCompose) {
  for (const Trace& trace : traces()) {
    const HdpResult result = run_hdp(machine("0.75, 0.5x2", "0.75, 0.5x2"), trace);
    const HdpResult alone = run_hdp(machine("1", "1"), trace);
    ASSERT_EQ(result.cascade.size(), 3U);
    std::int64_t kept = 0;
    for (const CascadeLayer& layer : result.cascade) {
      EXPECT_LE(layer.kept_entries, layer.live_entries);
      EXPECT_LE(layer.live_entries, layer.dense_entries);
      kept += layer.kept_entries;
    }
    EXPECT_EQ(result.cascade[0].live_entries, result.cascade[0].dense_entries);
    EXPECT_EQ(kept, result.decisions.kept_entries);
    EXPECT_LT(result.decisions.kept_entries, alone.decisions.kept_entries);
    EXPECT_LT(result.cycles, alone.cycles);
    EXPECT_LT(sum_of(result.read_bytes), sum_of(alone.read_bytes));
    // Layer 0 comes before any ranking.
    EXPECT_DOUBLE_EQ(*result.layers[0].error.relative_frobenius(),
                     *alone.layers[0].error.relative_frobenius());
    EXPECT_EQ(result.layers.size(), 3U);
  }
}

TEST(CascadeTest, ALayerHoldsWhatTheLastOneRanked) {
  const Trace trace = traces().front();
  const HdpConfig config = machine("0.75, 0.5x2", "0.75, 0.5x2");
  const HdpResult result = run_hdp(config, trace);
  EXPECT_EQ(result.cascade[1].live_tokens, std::vector<std::int64_t>{18});
  EXPECT_EQ(result.cascade[2].live_tokens, std::vector<std::int64_t>{12});
  EXPECT_EQ(result.cascade[1].live_heads, std::vector<std::int64_t>{3});
  EXPECT_EQ(result.cascade[2].live_heads, std::vector<std::int64_t>{2});
  // A square of live tokens in every live head.
  EXPECT_EQ(result.cascade[1].live_entries, 3 * 18 * 18);
  EXPECT_EQ(result.records.size(), 4U + 3U + 2U);
  const auto layers = plan_cascade(trace, config.prune, result.formats,
                                   {schedule_of(config.cascade.token, 3, "/cascade/token"),
                                    schedule_of(config.cascade.head, 3, "/cascade/head")},
                                   1);
  const HdpCascadeProblem& first = layers[0].problems[0];
  const std::vector<std::int32_t>& second = layers[1].problems[0].tokens;
  // Every token that stayed is at least as important as any that went; ties to the lower index.
  for (const std::int32_t stayed : second)
    for (std::int32_t token = 0; token < 24; ++token) {
      if (std::ranges::binary_search(second, token)) continue;
      const std::int64_t a = first.token_importance[static_cast<std::size_t>(stayed)];
      const std::int64_t b = first.token_importance[static_cast<std::size_t>(token)];
      EXPECT_TRUE(a > b || (a == b && stayed < token)) << stayed << " " << token;
    }
  // Codes of a row sum to 65536 but for their rounding; pruned heads have none.
  const std::int64_t sum = std::accumulate(first.token_importance.begin(),
                                           first.token_importance.end(), std::int64_t{0});
  std::int64_t rows = 0;
  for (const HdpPlan& plan : first.plans) rows += plan.head_kept ? 24 - plan.empty_rows : 0;
  EXPECT_NEAR(static_cast<double>(sum), 65'536.0 * static_cast<double>(rows),
              12.0 * static_cast<double>(rows));
}

TEST(CascadeTest, RankingTakesTheTopKEngineAndNothingElseMoves) {
  for (const Trace& trace : traces()) {
    HdpConfig config = machine("0.75, 0.5x2", "0.75, 0.5x2");
    const HdpResult result = run_hdp(config, trace);
    std::int64_t ranking = 0;
    for (const CascadeLayer& layer : result.cascade) ranking += layer.ranking_cycles;
    EXPECT_GT(ranking, 0);
    EXPECT_EQ(top_k_of(result).busy, ranking);
    // Every round of the engine costs one cycle more: the run is longer by just that.
    ++config.cascade.top_k.round_cycles;
    const HdpResult slower = run_hdp(config, trace);
    std::int64_t more = 0;
    for (const CascadeLayer& layer : slower.cascade) more += layer.ranking_cycles;
    EXPECT_GT(more, ranking);
    ASSERT_TRUE(config.memory.ideal());
    EXPECT_EQ(slower.cycles - result.cycles, more - ranking);
  }
}

TEST(CascadeTest, ThreadsAndSkippingChangeNothing) {
  for (const Trace& trace : traces()) {
    const HdpConfig config = machine("linear", "linear");
    PlayOptions options;
    const HdpResult want = run_hdp(config, trace, options);
    options.threads = 3;
    options.idle_cycles = IdleCycles::Visit;
    const HdpResult got = run_hdp(config, trace, options);
    EXPECT_EQ(got.cycles, want.cycles);
    EXPECT_EQ(got.decisions.kept_entries, want.decisions.kept_entries);
    EXPECT_EQ(got.read_bytes, want.read_bytes);
    EXPECT_EQ(got.fidelity.error.relative_frobenius(), want.fidelity.error.relative_frobenius());
    for (std::size_t u = 0; u < want.units.size(); ++u)
      EXPECT_EQ(got.units[u].busy, want.units[u].busy) << want.units[u].instance;
  }
}

TEST(CascadeTest, TheBaselineHasNoCascade) {
  const HdpConfig plain = without_pruning(machine("0.5", "0.5"));
  EXPECT_FALSE(plain.cascade.prunes());
  EXPECT_TRUE(run_hdp(plain, traces().front()).cascade.empty());
}

}  // namespace
}  // namespace hdp::test
