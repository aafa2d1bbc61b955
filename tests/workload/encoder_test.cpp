// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "support/encoder_file.hpp"
#include <hdp/workload/encoder.hpp>
#include <hdp/workload/model_shape.hpp>

namespace hdp {
namespace {

using test::EncoderFile;
using test::error_of;

constexpr EncoderShape kEncoderShape{.layers = 2,
                                     .tokens = 5,
                                     .hidden = 8,
                                     .ffn = 12,
                                     .heads = 4,
                                     .kv_heads = 2,
                                     .d = 3,
                                     .causal = true};

double deviation(const Matrix<double>& values) {
  double squares = 0;
  for (const double value : values.values()) squares += value * value;
  return std::sqrt(squares / static_cast<double>(values.values().size()));
}

TEST(EncoderTest, AFileHasTheTensorsOfABertCheckpointAndAnInput) {
  for (const char* prefix : {"", "bert."}) {
    const EncoderFile written(kEncoderShape, prefix);
    const Encoder encoder = written.encoder();
    EXPECT_EQ(encoder.name(), "e");
    EXPECT_EQ(encoder.shape().layers, 2);
    EXPECT_EQ(encoder.shape().tokens, 5);
    EXPECT_EQ(encoder.shape().ffn, 12);
    EXPECT_EQ(encoder.shape().kv_heads, 2);
    EXPECT_EQ(encoder.shape().d, 3);
    EXPECT_TRUE(encoder.shape().causal);
    EXPECT_EQ(encoder.input().rows(), 5);
    const EncoderLayer layer = encoder.layer(1);
    EXPECT_EQ(layer.key.weights.rows(), 6);
    EXPECT_EQ(layer.key.weights.columns(), 8);
    EXPECT_EQ(layer.output.bias.size(), 8U);
    EXPECT_EQ(layer.output_norm.gain.size(), 8U);
    EXPECT_EQ(layer.attention_norm.epsilon, 1e-12);
    EXPECT_EQ(layer.query.weights.row(0)[1], ((37 + 11 * 96) % 64 - 31) / 64.0);
  }
}

TEST(EncoderTest, BiasesAndNormsMayBeLeftOut) {
  test::TraceFile file;
  file.metadata = {{"heads", "1"}};
  file.add("input", {2, 4});
  for (const char* part : {"attention.self.query", "attention.self.key", "attention.self.value",
                           "attention.output.dense", "intermediate.dense", "output.dense"})
    file.add(std::string("encoder.layer.0.") + part + ".weight", {4, 4});
  const EncoderLayer layer = encoder_from_bytes(file.bytes(), "e").layer(0);
  EXPECT_TRUE(layer.query.bias.empty());
  EXPECT_TRUE(layer.output_norm.gain.empty());
}

TEST(EncoderTest, WhatDoesNotFitIsRefusedInOneLine) {
  const auto refusal = [](auto&& change) {
    EncoderFile written(kEncoderShape);
    change(written.file);
    return error_of([&] { (void)written.encoder(); });
  };
  EXPECT_EQ(
      refusal([](test::TraceFile& f) { f.metadata.erase("heads"); }),
      "e: metadata 'heads': is missing; allowed: the query heads, a whole number, at least 1");
  EXPECT_EQ(refusal([](test::TraceFile& f) { f.metadata["heads"] = "5"; }),
            "e: metadata 'heads': 5 heads for 12 rows of Q and 6 of K; allowed: heads of one size, "
            "in groups that share one of K");
  EXPECT_EQ(refusal([](test::TraceFile& f) { f.metadata["causal"] = "no"; }),
            "e: metadata 'causal': 'no'; allowed: true, false");
  EXPECT_EQ(refusal([](test::TraceFile& f) { f.metadata["epsilon"] = "0"; }),
            "e: metadata 'epsilon': '0'; allowed: what norms add to a variance, above 0");
  EXPECT_EQ(refusal([](test::TraceFile& f) { f.metadata["epsilon"] = "inf"; }),
            "e: metadata 'epsilon': 'inf'; allowed: what norms add to a variance, above 0");
  test::TraceFile half;
  half.metadata = {{"heads", "1"}};
  half.add("encoder.layer.0.output.dense.weight", {4, 4});
  EXPECT_EQ(error_of([&] { encoder_from_bytes(half.bytes(), "e"); }),
            "e: tensor 'input': is missing; allowed: an encoder's tensors, see docs/layers.md");
}

TEST(EncoderTest, ATensorThatDoesNotFitTheOthersIsRefused) {
  test::TraceFile file;
  file.metadata = {{"heads", "1"}};
  file.add("input", {2, 4});
  for (const char* part : {"attention.self.query", "attention.self.key", "attention.self.value",
                           "attention.output.dense", "intermediate.dense"})
    file.add(std::string("encoder.layer.0.") + part + ".weight", {4, 4});
  const std::string last = "encoder.layer.0.output.dense.weight";
  const auto with = [&](std::vector<std::int64_t> shape, ElementType type,
                        std::vector<std::byte> bytes = {}) {
    test::TraceFile whole = file;
    whole.add(last, std::move(shape), type, std::move(bytes));
    return error_of([&] { encoder_from_bytes(whole.bytes(), "e"); });
  };
  EXPECT_EQ(with({4, 4}, ElementType::F16), "");
  EXPECT_EQ(with({4, 5}, ElementType::F16),
            "e: tensor '" + last + "': shape [4, 5]; allowed: [4, 4], as the others have it");
  EXPECT_EQ(with({16}, ElementType::F16),
            "e: tensor '" + last + "': shape [16]; allowed: [rows, columns] of 1 to 65536");
  EXPECT_EQ(with({4, 4}, ElementType::I8),
            "e: tensor '" + last + "': I8; allowed: floating point numbers");
  EXPECT_EQ(with({4, 4}, ElementType::F32,
                 test::bytes_of(std::vector<float>{1, std::numeric_limits<float>::infinity()})),
            "e: tensor '" + last +
                "': value inf at 1; allowed: finite numbers of at most 2^32 (4.3e9) in magnitude");
  EXPECT_EQ(with({4, 4}, ElementType::F32, test::bytes_of(std::vector<float>{1, 2, -5e9F})),
            "e: tensor '" + last +
                "': value -5000000000 at 2; allowed: finite numbers of at most 2^32 (4.3e9) in "
                "magnitude");
}

TEST(EncoderTest, AGapBetweenLayersAndASecondEncoderAreRefused) {
  test::TraceFile gap;
  gap.metadata = {{"heads", "1"}};
  gap.add("input", {2, 4});
  for (const char* layer : {"0", "2"})
    for (const char* part : {"attention.self.query", "attention.self.key", "attention.self.value",
                             "attention.output.dense", "intermediate.dense", "output.dense"})
      gap.add(std::string("bert.encoder.layer.") + layer + "." + part + ".weight", {4, 4});
  gap.add("aaa.decoder.encoder.layer.0.x", {3});  // of something else
  EXPECT_EQ(error_of([&] { encoder_from_bytes(gap.bytes(), "e"); }),
            "e: tensor 'bert.encoder.layer.1.attention.self.query.weight': is missing; allowed: an "
            "encoder's tensors, see docs/layers.md");
  gap.add("albert.encoder.layer.0.output.dense.weight", {4, 4});
  EXPECT_EQ(
      error_of([&] { encoder_from_bytes(gap.bytes(), "e"); }),
      "e: tensor 'albert.encoder.layer.0.output.dense.weight': is of another encoder; allowed: "
      "one encoder a file: 'bert.encoder.layer.'");
}

TEST(EncoderTest, ADrawnEncoderDependsOnItsSettingsAlone) {
  const Encoder encoder = make_synthetic_encoder({.model = "tinybert_4", .n = 16, .layers = 2});
  EXPECT_EQ(encoder.shape().hidden, 312);
  EXPECT_EQ(encoder.shape().d, 26);
  EXPECT_EQ(encoder.shape().layers, 2);
  const EncoderLayer layer = encoder.layer(1), again = encoder.layer(1);
  EXPECT_EQ(layer.output.weights.values().back(), again.output.weights.values().back());
  EXPECT_NE(layer.output.weights.values().back(), encoder.layer(0).output.weights.values().back());
  EXPECT_NEAR(deviation(layer.query.weights), 1.5 / std::sqrt(312), 0.001);
  EXPECT_NEAR(deviation(layer.output.weights), 1 / std::sqrt(1200), 0.001);
  EXPECT_NEAR(deviation(encoder.input()), 1, 0.02);
  const Encoder other = make_synthetic_encoder({.model = "tinybert_4", .n = 16, .seed = 2});
  EXPECT_NE(other.sha256(), encoder.sha256());
  EXPECT_NE(other.input().values().front(), encoder.input().values().front());
}

TEST(EncoderTest, SettingsOutOfRangeAreRefused) {
  EXPECT_EQ(error_of([] { make_synthetic_encoder({.n = 0}); }),
            "/n: 0 is outside [1, 65536] [tokens]");
  EXPECT_EQ(
      error_of([] { make_synthetic_encoder({.model = "smollm2_135m"}); }),
      "/model: 'smollm2_135m' has a gated FFN and no layer norms; allowed: a model like BERT");
}

}  // namespace
}  // namespace hdp
