// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/workload/model_shape.hpp>

namespace hdp {
namespace {

void expect_shape(std::string_view name, std::int64_t layers, std::int64_t heads,
                  std::int64_t kv_heads, std::int64_t d, bool causal) {
  const ModelShape& shape = model_shape(name);
  EXPECT_EQ(shape.name, name);
  EXPECT_EQ(shape.layers, layers) << name;
  EXPECT_EQ(shape.heads, heads) << name;
  EXPECT_EQ(shape.kv_heads, kv_heads) << name;
  EXPECT_EQ(shape.d, d) << name;
  EXPECT_EQ(shape.causal, causal) << name;
}

TEST(ModelShapeTest, TheModelsHaveTheirPublishedShapes) {
  EXPECT_EQ(model_shapes().size(), 6U);
  expect_shape("bert_tiny", 2, 2, 2, 64, false);
  expect_shape("bert_base", 12, 12, 12, 64, false);
  expect_shape("minilm_l6", 6, 12, 12, 32, false);
  expect_shape("gpt2", 12, 12, 12, 64, true);
  expect_shape("smollm2_135m", 30, 9, 3, 64, true);
  expect_shape("tinybert_4", 4, 12, 12, 26, false);
}

TEST(ModelShapeTest, AnUnknownNameOffersTheNearest) {
  EXPECT_EQ(test::error_of([] { return model_shape("bert_bse"); }),
            "unknown model 'bert_bse'; allowed: bert_base, bert_tiny, gpt2, minilm_l6, "
            "smollm2_135m, tinybert_4; did you mean 'bert_base'?");
}

}  // namespace
}  // namespace hdp
