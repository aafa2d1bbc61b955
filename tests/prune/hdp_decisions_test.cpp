// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/prune/hdp_decisions.hpp>

namespace hdp {
namespace {

using test::bytes_of;
using test::error_of;
using test::TraceFile;

HdpPlan plan_of(bool head_kept, std::int64_t existing, std::int64_t pruned) {
  HdpPlan plan;
  plan.head_kept = head_kept;
  plan.blocks_existing = existing;
  plan.blocks_pruned = pruned;
  plan.kept_entries = 7;
  plan.empty_rows = 1;
  return plan;
}

TEST(HdpCountsTest, BlocksCountForKeptHeadsOnly) {
  HdpCounts counts;
  counts.add(plan_of(true, 100, 60));
  counts.add(plan_of(true, 60, 60));
  counts.add(plan_of(false, 1000, 10));
  counts.add(plan_of(true, 0, 0));
  EXPECT_EQ(counts.heads_total, 4);
  EXPECT_EQ(counts.heads_pruned, 1);
  EXPECT_EQ(counts.blocks_existing, 160);
  EXPECT_EQ(counts.blocks_pruned, 120);
  EXPECT_EQ(counts.kept_entries, 28);
  EXPECT_EQ(counts.empty_rows, 4);
  EXPECT_EQ(counts.block_sparsity(), 0.75);
  EXPECT_EQ(counts.head_sparsity(), 0.25);
  EXPECT_EQ(counts.net_sparsity(), 1 - 0.25 * 0.75);
}

TEST(HdpCountsTest, WithoutKeptHeadsBlockSparsityIsZero) {
  HdpCounts counts;
  EXPECT_EQ(counts.net_sparsity(), 0.0);
  counts.add(plan_of(false, 10, 5));
  EXPECT_EQ(counts.block_sparsity(), 0.0);
  EXPECT_EQ(counts.head_sparsity(), 1.0);
  EXPECT_EQ(counts.net_sparsity(), 1.0);
}

TEST(HdpCountsTest, SumsOfCountsAreCountsOfSums) {
  HdpCounts a, b;
  a.add(plan_of(true, 8, 2));
  a.q_saturated = 1;
  b.add(plan_of(false, 8, 2));
  b.q_saturated = 10;
  b.k_saturated = 20;
  b.v_saturated = 30;
  a.add(b);
  EXPECT_EQ(a.heads_total, 2);
  EXPECT_EQ(a.heads_pruned, 1);
  EXPECT_EQ(a.blocks_existing, 8);
  EXPECT_EQ(a.blocks_pruned, 2);
  EXPECT_EQ(a.kept_entries, 14);
  EXPECT_EQ(a.empty_rows, 2);
  EXPECT_EQ(a.q_saturated, 11);
  EXPECT_EQ(a.k_saturated, 20);
  EXPECT_EQ(a.v_saturated, 30);
}

/// Four query heads over two kv heads, 3 x 3, d = 1, all ones but for one large value a tensor.
TraceFile grouped() {
  const auto with_large = [](std::size_t count, std::size_t at) {
    std::vector<float> values(count, 1);
    values[at] = 100;
    return bytes_of(values);
  };
  TraceFile file;
  for (std::int64_t layer = 0; layer < 2; ++layer) {
    file.add(tensor_name(layer, TensorKind::Q), {4, 3, 1}, ElementType::F32, with_large(12, 11));
    file.add(tensor_name(layer, TensorKind::K), {2, 3, 1}, ElementType::F32, with_large(6, 1));
    file.add(tensor_name(layer, TensorKind::V), {2, 3, 1}, ElementType::F32, with_large(6, 5));
  }
  return file;
}

TEST(DecideHdpTest, EachStoredTensorCountsItsSaturatedValuesOnce) {
  const HdpDecisions decisions = decide_hdp(grouped().trace(), {}, std::nullopt, 2);
  ASSERT_EQ(decisions.layers.size(), 2U);
  for (const HdpLayerDecisions& layer : decisions.layers) {
    EXPECT_EQ(layer.counts.q_saturated, 1);
    EXPECT_EQ(layer.counts.k_saturated, 1);
    EXPECT_EQ(layer.counts.v_saturated, 1);
  }
  EXPECT_EQ(decisions.total.k_saturated, 2);
}

TEST(DecideHdpTest, LayersAndHeadsComeInOrderAndAddUp) {
  const HdpDecisions decisions = decide_hdp(grouped().trace(), {.block_size = 1}, std::nullopt, 3);
  std::int64_t kept_entries = 0;
  for (std::int64_t l = 0; l < 2; ++l) {
    const HdpLayerDecisions& layer = decisions.layers[static_cast<std::size_t>(l)];
    EXPECT_EQ(layer.layer, l);
    ASSERT_EQ(layer.heads.size(), 4U);
    for (std::int64_t h = 0; h < 4; ++h) {
      const HdpHeadDecisions& head = layer.heads[static_cast<std::size_t>(h)];
      EXPECT_EQ(head.head, h);
      EXPECT_EQ(head.kv_head, h / 2);
      // Keys 1, 7 (saturated), 1 for the first kv head; three equal keys for the second.
      EXPECT_EQ(head.keys_used, h < 2 ? 1 : 3);
      EXPECT_EQ(head.kept_entries, h < 2 ? 3 : 9);
      kept_entries += head.kept_entries;
    }
  }
  EXPECT_EQ(kept_entries, 48);
  EXPECT_EQ(decisions.total.kept_entries, 48);
  EXPECT_EQ(decisions.total.heads_total, 8);
  EXPECT_EQ(decisions.total.block_sparsity(), 0.5 * 6 / 9);
}

TEST(DecideHdpTest, TheCallerMayOverrideTheWordOfAPrefillTrace) {
  const Trace trace = grouped().trace();
  EXPECT_FALSE(decide_hdp(trace, {}, std::nullopt, 1).causal);
  const HdpDecisions causal = decide_hdp(trace, {}, true, 1);
  EXPECT_TRUE(causal.causal);
  EXPECT_EQ(causal.layers[0].heads[0].entries, std::vector<std::int64_t>{6});
  TraceFile file = grouped();
  file.metadata["causal"] = "true";
  EXPECT_TRUE(decide_hdp(file.trace(), {}, std::nullopt, 1).causal);
  const HdpDecisions open = decide_hdp(file.trace(), {}, false, 1);
  EXPECT_EQ(open.layers[0].heads[0].entries, std::vector<std::int64_t>{9});
}

TEST(DecideHdpTest, DecodeIsCausalWhateverTheCallerSays) {
  TraceFile file;
  file.metadata = {{"stage", "decode"}, {"n_ctx", "3"}, {"steps", "2"}};
  file.add_layer(0, {.heads = 1, .kv_heads = 1, .n_q = 2, .n_k = 5, .d = 1});
  const HdpDecisions decisions = decide_hdp(file.trace(), {}, false, 1);
  EXPECT_TRUE(decisions.causal);
  const HdpHeadDecisions& head = decisions.layers[0].heads[0];
  EXPECT_EQ(head.entries, (std::vector<std::int64_t>{4, 5}));
  EXPECT_EQ(head.kept_blocks_per_row_block, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(decisions.total.heads_total, 2) << "a head counts once a step";
}

TEST(DecideHdpTest, WithNothingPrunedOrLeftOutStoredIntegersGiveDenseAttention) {
  TraceFile file;
  file.metadata["layers.0.q.scale"] = "0.5";
  file.metadata["layers.0.k.scale"] = "0.25";
  file.metadata["layers.0.v.scale"] = "3";
  file.add("layers.0.q", {1, 2, 2}, ElementType::I8,
           bytes_of(std::vector<std::int8_t>{1, -5, 7, 2}));
  file.add("layers.0.k", {1, 2, 2}, ElementType::I8,
           bytes_of(std::vector<std::int8_t>{3, 2, -6, 1}));
  file.add("layers.0.v", {1, 2, 2}, ElementType::I8,
           bytes_of(std::vector<std::int8_t>{4, 5, -6, 7}));
  const HdpSettings settings{
      .word_bits = 16, .fraction_bits = 4, .rho = -0.999, .approximation = false};
  const HdpHeadDecisions head = decide_hdp(file.trace(), settings, true, 1).layers[0].heads[0];
  EXPECT_LT(head.error.relative_frobenius().value(), 1e-14);
  EXPECT_NEAR(head.mass_kept, 1, 1e-14);
  // Row 0 sees key 0 alone; row 1 has scores 25 and -40, in units of 0.125 / sqrt(2).
  const double p = 1 / (1 + std::exp(-65 * 0.125 / std::sqrt(2.0)));
  EXPECT_NEAR(head.error.out_norm(),
              3 * std::hypot(std::hypot(4, 5), 4 * p - 6 * (1 - p), 5 * p + 7 * (1 - p)), 1e-12);
}

TEST(DecideHdpTest, AMistakeOfOneHeadReachesTheCallerFromAnyThread) {
  // Scores of 2^46 in 24 integer bits: their sums over so many entries may leave 64 bits.
  TraceFile file;
  const std::vector<float> large(512, 1e7F);
  file.add_layer(0, {.heads = 4, .kv_heads = 4, .n_q = 1, .n_k = 1, .d = 1}, ElementType::F32);
  file.add("layers.1.q", {1, 512, 1}, ElementType::F32, bytes_of(large));
  file.add("layers.1.k", {1, 512, 1}, ElementType::F32, bytes_of(large));
  file.add("layers.1.v", {1, 512, 1}, ElementType::F32);
  const Trace trace = file.trace();
  for (const unsigned threads : {1U, 3U})
    EXPECT_EQ(error_of([&] {
                decide_hdp(trace, {.word_bits = 24, .fraction_bits = 0}, std::nullopt, threads);
              }),
              "/prune/fraction_bits: integer scores of so many entries may not add up in 64 bits "
              "[bits]; allowed: more fraction bits, or a smaller /prune/word_bits");
}

}  // namespace
}  // namespace hdp
