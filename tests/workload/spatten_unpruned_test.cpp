// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <hdp/workload/spatten_workload.hpp>

namespace hdp::test {
namespace {

SpattenRow row(std::int64_t iteration, std::int64_t layer, std::int64_t head, std::int64_t tokens,
               std::int64_t keys) {
  SpattenRow made;
  made.iteration = iteration;
  made.layer = layer;
  made.head = head;
  made.sentence_length = tokens;
  made.key_fetch = keys;
  made.value_fetch = keys / 2;
  made.key_bits = 6;
  made.requantise = made.top_k = true;
  made.top_k_kept = 3;
  return made;
}

TEST(SpattenUnprunedTest, EveryHeadAndTokenComesBackInFull) {
  const std::vector<SpattenRow> rows{row(0, 0, 0, 10, 10), row(0, 0, 1, 10, 8), row(0, 1, 0, 10, 4),
                                     row(1, 0, 0, 11, 4)};
  const std::vector<SpattenRow> all = unpruned(rows);
  ASSERT_EQ(all.size(), 6U);
  for (const SpattenRow& one : all) {
    const std::int64_t tokens = one.iteration == 0 ? 10 : 11;
    EXPECT_EQ(one.key_fetch, tokens);
    EXPECT_EQ(one.value_fetch, tokens);
    EXPECT_EQ(one.key_bits, -1);
    EXPECT_FALSE(one.requantise || one.top_k);
  }
  EXPECT_EQ(all[3].layer, 1);
  EXPECT_EQ(all[3].head, 1);
  EXPECT_EQ(all[5].iteration, 1);
  EXPECT_EQ(unpruned(all), all);
}

TEST(SpattenUnprunedTest, PrunedQueriesOfAPrefillComeBackToo) {
  const std::vector<SpattenRow> all =
      unpruned(std::vector<SpattenRow>{row(0, 0, 0, 16, 16), row(0, 1, 0, 9, 9)});
  EXPECT_EQ(all[1].sentence_length, 16);
  EXPECT_EQ(all[1].key_fetch, 16);
}

}  // namespace
}  // namespace hdp::test
