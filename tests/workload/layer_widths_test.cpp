// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include <gtest/gtest.h>

#include "support/encoder_file.hpp"
#include "support/temporary_folder.hpp"
#include <hdp/workload/synthetic.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {
namespace {

using test::error_of;

Workload trace_with(const Metadata& more) {
  test::TraceFile file;
  file.add_layer(0, {.heads = 1, .kv_heads = 1, .n_q = 2, .n_k = 2, .d = 4});
  file.metadata.insert(more.begin(), more.end());
  return Workload(file.trace());
}

TEST(LayerWidthsTest, TheMetadataSayThem) {
  const Workload trace = trace_with({{"hidden", "48"}, {"ffn", "96"}});
  EXPECT_EQ(layer_widths_of(trace), (LayerWidths{48, 96, false}));
  EXPECT_EQ(layer_widths_of(trace, 64), (LayerWidths{64, 96, false}));
  EXPECT_EQ(layer_widths_of(trace_with({{"hidden", "4"}, {"ffn", "8"}, {"gated", "true"}})),
            (LayerWidths{4, 8, true}));
}

TEST(LayerWidthsTest, ASyntheticTraceHasThoseOfItsModel) {
  const Workload trace(make_synthetic({.model = "bert_tiny", .n = 4}));
  EXPECT_EQ(layer_widths_of(trace), (LayerWidths{128, 512, false}));
}

TEST(LayerWidthsTest, WhatIsMissingIsAskedFor) {
  EXPECT_EQ(
      error_of([] {
        layer_widths_of(trace_with({{"hidden", "48"}}));
      }),
      "t: does not say how wide its layers are: ffn; allowed: metadata 'hidden' and 'ffn', or "
      "--hidden and --ffn");
  EXPECT_EQ(error_of([] {
              layer_widths_of(trace_with({{"hidden", "0"}, {"ffn", "8"}}));
            }),
            "t: metadata 'hidden': '0'; allowed: a whole number, 1 to 65536");
  EXPECT_EQ(error_of([] {
              layer_widths_of(trace_with({{"hidden", "4"}, {"ffn", "8"}, {"gated", "yes"}}));
            }),
            "t: metadata 'gated': 'yes'; allowed: true, false");
}

TEST(LayerWidthsTest, AWorkloadWithLayersIsAnotherOne) {
  const Workload attention = trace_with({});
  const Workload whole = attention.with_layers(LayerWidths{4, 8, false});
  EXPECT_FALSE(attention.layer_widths());
  EXPECT_NE(attention.fingerprint(), whole.fingerprint());
  EXPECT_NE(whole.fingerprint(), attention.with_layers(LayerWidths{4, 8, true}).fingerprint());
  EXPECT_EQ(whole.with_layers(std::nullopt).fingerprint(), attention.fingerprint());
  EXPECT_EQ(*whole.facts().find("layer"), Fact("whole"));
  EXPECT_EQ(attention.facts().find("layer"), nullptr);
}

class EncoderWorkloadTest : public test::TemporaryFolder {
 protected:
  [[nodiscard]] Workload put(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return resolve_workload(Catalog({folder_}), (folder_ / name).string());
  }
};

TEST_F(EncoderWorkloadTest, ASettingsFileAndATensorFileArePlayedInLayers) {
  const Workload drawn = put("a.json", R"({"encoder": {"model": "bert_tiny", "n": 7}})");
  ASSERT_NE(drawn.encoder(), nullptr);
  EXPECT_EQ(drawn.layer_widths(), (LayerWidths{128, 512, false}));
  EXPECT_EQ(*drawn.facts().find("n_q"), Fact(7));
  const test::EncoderFile file(
      {.layers = 1, .tokens = 3, .hidden = 4, .ffn = 6, .heads = 2, .kv_heads = 1, .d = 2});
  const auto bytes = file.file.bytes();
  const Workload stored =
      put("b.safetensors", {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  ASSERT_NE(stored.encoder(), nullptr);
  EXPECT_EQ(stored.name(), "b");
  EXPECT_EQ(error_of([&] { layer_widths_of(stored, 5); }),
            "b: has weights of its own size; allowed: hidden 4, ffn 6");
}

TEST_F(EncoderWorkloadTest, MistakesNameFileAndKey) {
  const auto mistake = [&](const std::string& text) {
    return error_of([&] { (void)put("c.json", text); }).substr(folder_.string().size() + 1);
  };
  EXPECT_EQ(mistake(R"({"encoder": {}, "model": "gpt2"})"),
            "c.json: /model: beside an encoder; allowed: encoder alone");
  EXPECT_EQ(mistake(R"({"encoder": {"n": 0}})"),
            "c.json: /encoder/n: 0 is outside [1, 65536] [tokens]");
  EXPECT_EQ(mistake(R"({"encoder": {"layer": 3}})"),
            "c.json: /encoder/layer: no such setting; did you mean 'layers'?");
}

}  // namespace
}  // namespace hdp
