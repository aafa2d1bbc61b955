// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/base/error.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {
namespace {

using test::bytes_of;
using test::TraceFile;

TEST(TraceTest, TheShippedTraceIsWhatItsNameSays) {
  const Trace trace = load_trace(HDP_SOURCE_DIR "/configs/workloads/minilm_sotu_n64.safetensors");
  EXPECT_EQ(trace.name(), "minilm_sotu_n64");
  EXPECT_EQ(trace.sha256(), "0fc8104b35b1e71147651fb66341e79028a874b764d078b49861a1db6eb506c6");
  EXPECT_EQ(trace.stage(), Stage::Prefill);
  EXPECT_FALSE(trace.causal());
  EXPECT_EQ(trace.n_ctx(), 0);
  EXPECT_EQ(trace.steps(), 0);
  ASSERT_EQ(trace.layers(), 6);
  const LayerShape want{.heads = 12, .kv_heads = 12, .n_q = 64, .n_k = 64, .d = 32};
  for (std::int64_t l = 0; l < 6; ++l) EXPECT_EQ(trace.shape(l), want);
  EXPECT_EQ(trace.element_type(5, TensorKind::V), ElementType::F16);
  EXPECT_EQ(trace.scale(5, TensorKind::V), std::nullopt);
  EXPECT_EQ(trace.metadata().at("tokens"), "64");
  EXPECT_EQ(trace.file().tensors().size(), 18U);
}

TEST(TraceTest, EveryPublishedTraceLoads) {
  const std::filesystem::path folder = HDP_REFERENCE_DIR "/data";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no data folder";
  int loaded = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const std::string name = file.path().filename().string();
    if (!name.ends_with(".safetensors") || name.starts_with("minilm_ffn")) continue;
    const Trace trace = load_trace(file.path());
    const bool decode = name.find("decode") != std::string::npos;
    EXPECT_EQ(trace.stage(), decode ? Stage::Decode : Stage::Prefill) << name;
    EXPECT_EQ(trace.causal(), name.starts_with("smollm2")) << name;
    EXPECT_EQ(trace.shape(0).heads, name.starts_with("smollm2") ? 9 : 12) << name;
    ++loaded;
  }
  EXPECT_GE(loaded, 9);
}

TEST(TraceTest, HeadsAreTheRowsOfTheirTensor) {
  TraceFile file;
  file.add(
      "layers.0.q", {4, 2, 2}, ElementType::I8,
      bytes_of(std::vector<std::int8_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}));
  file.add("layers.0.k", {2, 1, 2}, ElementType::F32, bytes_of(std::vector<float>{1, 2, 3, 4}));
  file.add("layers.0.v", {2, 1, 2}, ElementType::F64, bytes_of(std::vector<double>{5, 6, 7, 8}));
  file.metadata["scale"] = "0.5";
  const Trace trace = file.trace();
  std::vector<double> q(4);
  trace.read_head(0, TensorKind::Q, 3, q);
  EXPECT_EQ(q, (std::vector<double>{12, 13, 14, 15})) << "codes, not scaled";
  std::vector<double> kv(2);
  trace.read_head(0, TensorKind::K, 1, kv);
  EXPECT_EQ(kv, (std::vector<double>{3, 4}));
  trace.read_head(0, TensorKind::V, 0, kv);
  EXPECT_EQ(kv, (std::vector<double>{5, 6}));
  EXPECT_EQ(trace.head(0, TensorKind::Q, 1).size(), 4U);
  EXPECT_EQ(trace.head(0, TensorKind::Q, 1)[0], std::byte{4});
}

TEST(TraceTest, QueryHeadsShareKvHeadsInGroups) {
  TraceFile file;
  file.add_layer(0, {.heads = 9, .kv_heads = 3, .n_q = 1, .n_k = 1, .d = 1});
  const Trace trace = file.trace();
  for (std::int64_t h = 0; h < 9; ++h) EXPECT_EQ(trace.kv_head(0, h), h / 3);
  EXPECT_THROW((void)trace.kv_head(0, 9), LogicFault);
}

TEST(TraceTest, AnIndexThatDoesNotExistIsOurFault) {
  TraceFile file;
  file.add_layer(0, {.heads = 2, .kv_heads = 1, .n_q = 1, .n_k = 1, .d = 1});
  const Trace trace = file.trace();
  EXPECT_THROW((void)trace.shape(1), LogicFault);
  EXPECT_THROW((void)trace.shape(-1), LogicFault);
  EXPECT_THROW((void)trace.head(0, TensorKind::K, 1), LogicFault);
  EXPECT_THROW((void)trace.head(0, TensorKind::Q, -1), LogicFault);
}

TEST(TraceTest, ACopySharesTheBytesAndOutlivesTheOriginal) {
  auto original = std::make_unique<Trace>([] {
    TraceFile file;
    file.add_layer(0, {.heads = 1, .kv_heads = 1, .n_q = 2, .n_k = 2, .d = 2});
    return file.trace();
  }());
  const Trace copy = *original;
  EXPECT_EQ(copy.head(0, TensorKind::Q, 0).data(), original->head(0, TensorKind::Q, 0).data());
  original.reset();
  EXPECT_EQ(copy.head(0, TensorKind::V, 0)[7], std::byte{0});
}

TEST(TraceTest, LayersMayDifferAndComeInAnyOrder) {
  TraceFile file;
  const LayerShape small{.heads = 1, .kv_heads = 1, .n_q = 3, .n_k = 2, .d = 1};
  const LayerShape large{.heads = 4, .kv_heads = 2, .n_q = 1, .n_k = 5, .d = 8};
  for (std::int64_t l = 10; l > 0; --l) file.add_layer(l, large);
  const Trace trace = file.add_layer(0, small).trace();
  ASSERT_EQ(trace.layers(), 11);
  EXPECT_EQ(trace.shape(0), small);
  EXPECT_EQ(trace.shape(10), large);
}

TEST(TraceTest, DecodeIsAlwaysCausal) {
  TraceFile file;
  file.add_layer(0, {.heads = 1, .kv_heads = 1, .n_q = 3, .n_k = 7, .d = 1});
  file.metadata = {{"stage", "decode"}, {"n_ctx", "4"}, {"steps", "3"}};
  const Trace trace = file.trace();
  EXPECT_TRUE(trace.causal());
  EXPECT_EQ(trace.n_ctx(), 4);
  EXPECT_EQ(trace.steps(), 3);
  file.metadata["causal"] = "false";
  EXPECT_TRUE(file.trace().causal());
}

TEST(TraceTest, AScaleOfTheTensorGoesBeforeThatOfTheTrace) {
  TraceFile file;
  file.add_layer(0, {.heads = 1, .kv_heads = 1, .n_q = 1, .n_k = 1, .d = 1}, ElementType::I16);
  file.metadata["scale"] = "0.25";
  file.metadata["layers.0.k.scale"] = "1e-3";
  const Trace trace = file.trace();
  EXPECT_EQ(trace.scale(0, TensorKind::Q), 0.25);
  EXPECT_EQ(trace.scale(0, TensorKind::K), 1e-3);
  EXPECT_EQ(trace.scale(0, TensorKind::V), 0.25);
}

}  // namespace
}  // namespace hdp
