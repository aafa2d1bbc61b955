// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <gtest/gtest.h>

#include <hdp/prune/token_picker_decisions.hpp>

namespace hdp {
namespace {

Trace shipped() {
  return load_trace(std::filesystem::path(HDP_SOURCE_DIR) /
                    "configs/workloads/minilm_sotu_n64.safetensors");
}

TEST(TokenPickerDecisionsTest, ThreadsChangeNothing) {
  const Trace trace = shipped();
  const TokenPickerDecisions one = decide_token_picker(trace, {}, {}, 1);
  const TokenPickerDecisions four = decide_token_picker(trace, {}, {}, 4);
  for (std::size_t l = 0; l < one.layers.size(); ++l)
    for (std::size_t h = 0; h < one.layers[l].heads.size(); ++h) {
      EXPECT_EQ(one.layers[l].heads[h].fetched_sha256, four.layers[l].heads[h].fetched_sha256);
      EXPECT_EQ(one.layers[l].heads[h].error.out_norm(), four.layers[l].heads[h].error.out_norm());
    }
}

TEST(TokenPickerDecisionsTest, ChunksAddUp) {
  const TokenPickerDecisions decisions = decide_token_picker(shipped(), {}, {}, 2);
  EXPECT_EQ(decisions.total.tokens, 6 * 12 * 64 * 64);
  EXPECT_EQ(decisions.total.safety_violations, 0);
  for (const auto& layer : decisions.layers)
    for (const auto& head : layer.heads) {
      const auto& fetched = head.fetched_per_chunk;
      const auto& pruned = head.pruned_after_chunk;
      EXPECT_EQ(fetched[0], head.counts.tokens);
      EXPECT_EQ(fetched[1], fetched[0] - pruned[0]);
      EXPECT_EQ(fetched[2], fetched[1] - pruned[1]);
      EXPECT_EQ(head.counts.value_rows_fetched, fetched[2] - pruned[2]);
      EXPECT_EQ(head.counts.chunks_fetched, fetched[0] + fetched[1] + fetched[2]);
    }
}

/// Both orders and both exponentials keep the same promise, and nearly the same tokens.
TEST(TokenPickerDecisionsTest, EveryOrderIsSafe) {
  const Trace trace = shipped();
  const std::int64_t reference = decide_token_picker(trace, {}, {}, 2).total.value_rows_fetched;
  for (const ChunkOrder order : {ChunkOrder::BreadthFirst, ChunkOrder::DepthFirst})
    for (const TokenOrder tokens : {TokenOrder::NewestFirst, TokenOrder::OldestFirst})
      for (const ExponentialUnit unit : {ExponentialUnit::Double, ExponentialUnit::Lut}) {
        TokenPickerSettings settings;
        settings.order = order;
        settings.tokens = tokens;
        settings.rule.exponential = unit;
        const TokenPickerCounts total = decide_token_picker(trace, settings, {}, 2).total;
        EXPECT_EQ(total.safety_violations, 0);
        EXPECT_NEAR(static_cast<double>(total.value_rows_fetched), static_cast<double>(reference),
                    0.1 * static_cast<double>(reference));
      }
}

TEST(TokenPickerDecisionsTest, TheNewestTokenComesFirstThenTheFirst) {
  std::vector<std::int64_t> order;
  for (std::int64_t place = 0; place < 5; ++place)
    order.push_back(token_at(TokenOrder::NewestFirst, place, 5));
  EXPECT_EQ(order, (std::vector<std::int64_t>{4, 0, 3, 2, 1}));
  EXPECT_EQ(token_at(TokenOrder::NewestFirst, 0, 1), 0);
  for (const TokenOrder rule : {TokenOrder::NewestFirst, TokenOrder::OldestFirst})
    for (std::int64_t place = 0; place < 9; ++place)
      EXPECT_EQ(place_of(rule, token_at(rule, place, 9), 9), place);
}

}  // namespace
}  // namespace hdp
