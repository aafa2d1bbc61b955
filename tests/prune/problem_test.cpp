// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/prune/problem.hpp>

namespace hdp {
namespace {

using test::error_of;
using test::TraceFile;

Trace prefill(std::int64_t n_q, std::int64_t n_k, bool causal) {
  TraceFile file;
  file.metadata["causal"] = causal ? "true" : "false";
  file.add_layer(0, {.heads = 1, .kv_heads = 1, .n_q = n_q, .n_k = n_k, .d = 1});
  return file.trace();
}

Trace decode(std::int64_t n_ctx, std::int64_t steps) {
  TraceFile file;
  file.metadata = {
      {"stage", "decode"}, {"n_ctx", std::to_string(n_ctx)}, {"steps", std::to_string(steps)}};
  file.add_layer(0, {.heads = 1, .kv_heads = 1, .n_q = steps, .n_k = n_ctx + steps, .d = 1});
  return file.trace();
}

TEST(ProblemTest, CountsTheAllowedPairs) {
  const Problem all{0, 3, 5, false};
  EXPECT_EQ(all.entries(), 15);
  EXPECT_EQ(all.visible(0), 5);
  const Problem causal{0, 3, 5, true};
  EXPECT_EQ(causal.visible(0), 3);
  EXPECT_EQ(causal.visible(1), 4);
  EXPECT_EQ(causal.visible(2), 5);
  EXPECT_EQ(causal.entries(), 12);
  EXPECT_EQ((Problem{0, 4, 4, true}.entries()), 10);
  EXPECT_EQ((Problem{7, 1, 9, true}.entries()), 9);
}

TEST(ProblemsTest, PrefillIsOneProblem) {
  const auto found = problems(prefill(3, 5, false), 0);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].first_query, 0);
  EXPECT_EQ(found[0].queries, 3);
  EXPECT_EQ(found[0].keys, 5);
  EXPECT_FALSE(found[0].causal);
}

TEST(ProblemsTest, PrefillIsCausalIfTheTraceOrTheCallerSaysSo) {
  EXPECT_TRUE(problems(prefill(3, 5, true), 0)[0].causal);
  EXPECT_FALSE(problems(prefill(3, 5, true), 0, false)[0].causal);
  EXPECT_TRUE(problems(prefill(3, 5, false), 0, true)[0].causal);
  EXPECT_EQ(problems(prefill(4, 4, true), 0)[0].visible(0), 1);
}

TEST(ProblemsTest, CausalWithMoreQueriesThanKeysIsAnError) {
  EXPECT_EQ(error_of([] { problems(prefill(6, 5, false), 0, true); }),
            "t: layers.0.q: 6 queries see only 5 keys [rows]; allowed: at most as many queries as "
            "keys where attention is causal");
  EXPECT_EQ(problems(prefill(6, 5, false), 0)[0].entries(), 30);
}

TEST(ProblemsTest, DecodeIsAProblemPerStepOverAllKeysSoFar) {
  for (const bool causal : {true, false}) {
    const auto steps = problems(decode(4, 3), 0, causal);
    ASSERT_EQ(steps.size(), 3U);
    for (std::int64_t t = 0; t < 3; ++t) {
      const Problem& step = steps[static_cast<std::size_t>(t)];
      EXPECT_EQ(step.first_query, t);
      EXPECT_EQ(step.queries, 1);
      EXPECT_EQ(step.keys, 5 + t);
      EXPECT_EQ(step.visible(0), 5 + t);
      EXPECT_TRUE(step.causal);
    }
  }
}

}  // namespace
}  // namespace hdp
