// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/workload/inspect.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp {
namespace {

using test::error_of;

SyntheticConfig small_settings() {
  SyntheticConfig config;
  config.n = 8;
  config.layers = 1;
  return config;
}

std::vector<double> rows(const Trace& trace, TensorKind kind, std::int64_t head) {
  const LayerShape& s = trace.shape(0);
  std::vector<double> values(
      static_cast<std::size_t>((kind == TensorKind::Q ? s.n_q : s.n_k) * s.d));
  trace.read_head(0, kind, head, values);
  return values;
}

bool same_head(const Trace& a, const Trace& b, TensorKind kind, std::int64_t head) {
  return std::ranges::equal(a.head(0, kind, head), b.head(0, kind, head));
}

/// Mean over the queries of the score of key 0.
double mean_score_of_key_0(const Trace& trace) {
  const LayerShape& s = trace.shape(0);
  const std::vector<double> q = rows(trace, TensorKind::Q, 0);
  const std::vector<double> k = rows(trace, TensorKind::K, 0);
  double sum = 0;
  for (std::int64_t i = 0; i < s.n_q * s.d; ++i) {
    sum += q[static_cast<std::size_t>(i)] * k[static_cast<std::size_t>(i % s.d)];
  }
  return sum / static_cast<double>(s.n_q) / 8.0;  // sqrt(64)
}

TEST(SyntheticTest, TheBytesAreTheSameOnEveryMachine) {
  EXPECT_EQ(make_synthetic(small_settings()).sha256(),
            "10756dae4abc8d9eaab79015f0ea1741cb015361799dfb1287e9425e5f9679b5");
  SyntheticConfig decode;
  decode.model = "smollm2_135m";
  decode.stage = Stage::Decode;
  decode.n_ctx = 5;
  decode.steps = 2;
  decode.layers = 2;
  EXPECT_EQ(make_synthetic(decode).sha256(),
            "901473e023b64f9ab0c45cf59b878d641a8c5eda8087b175e20f33f8b0acb535");
}

TEST(SyntheticTest, ShapesAreThoseOfTheModel) {
  SyntheticConfig config;
  config.n = 3;
  const Trace bert = make_synthetic(config);
  EXPECT_EQ(bert.name(), "synthetic_bert_tiny_n3");
  EXPECT_EQ(bert.layers(), 2);
  EXPECT_EQ(bert.shape(1), (LayerShape{.heads = 2, .kv_heads = 2, .n_q = 3, .n_k = 3, .d = 64}));
  EXPECT_FALSE(bert.causal());
  config.model = "smollm2_135m";
  config.heads = 6;
  config.layers = 3;
  const Trace smol = make_synthetic(config);
  EXPECT_EQ(smol.layers(), 3);
  EXPECT_EQ(smol.shape(2), (LayerShape{.heads = 6, .kv_heads = 2, .n_q = 3, .n_k = 3, .d = 64}));
  EXPECT_TRUE(smol.causal());
  config.stage = Stage::Decode;
  config.n_ctx = 4;
  config.steps = 2;
  const Trace decode = make_synthetic(config);
  EXPECT_EQ(decode.name(), "synthetic_smollm2_135m_ctx4_s2");
  EXPECT_EQ(decode.n_ctx(), 4);
  EXPECT_EQ(decode.shape(0), (LayerShape{.heads = 6, .kv_heads = 2, .n_q = 2, .n_k = 6, .d = 64}));
}

TEST(SyntheticTest, HeadsLayersAndKindsAreIndependent) {
  const Trace base = make_synthetic(small_settings());
  SyntheticConfig config = small_settings();
  config.heads = 5;
  config.layers = 2;
  const Trace more = make_synthetic(config);
  for (const TensorKind kind : kTensorKinds) {
    EXPECT_TRUE(same_head(base, more, kind, 1)) << "heads and layers that exist stay";
    EXPECT_FALSE(std::ranges::equal(more.head(0, kind, 0), more.head(0, kind, 1)));
    EXPECT_FALSE(std::ranges::equal(more.head(0, kind, 0), more.head(1, kind, 0)));
  }
  config = small_settings();
  config.peak = 9;
  EXPECT_FALSE(same_head(base, make_synthetic(config), TensorKind::Q, 0));
  EXPECT_TRUE(same_head(base, make_synthetic(config), TensorKind::K, 0));
  EXPECT_TRUE(same_head(base, make_synthetic(config), TensorKind::V, 0));
  config = small_settings();
  config.seed = 2;
  for (const TensorKind kind : kTensorKinds) {
    EXPECT_FALSE(same_head(base, make_synthetic(config), kind, 0));
  }
}

TEST(SyntheticTest, SpreadIsTheStandardDeviationOfQAndK) {
  SyntheticConfig config;
  config.spread = 2;
  config.peak = config.sink = 0;
  config.outliers = 0;
  const auto [q, k, v] = summarise(make_synthetic(config));
  EXPECT_NEAR(q.standard_deviation, 2, 0.05);
  EXPECT_NEAR(k.standard_deviation, 2, 0.05);
  EXPECT_NEAR(v.standard_deviation, 1, 0.025);
  EXPECT_NEAR(q.mean, 0, 0.05);
}

TEST(SyntheticTest, OutliersAreChannelsOfKWithAConstantOffset) {
  SyntheticConfig config = small_settings();
  config.outliers = 3;
  const std::vector<double> k = rows(make_synthetic(config), TensorKind::K, 0);
  config.outliers = 0;
  const std::vector<double> plain = rows(make_synthetic(config), TensorKind::K, 0);
  int channels = 0;
  for (std::size_t c = 0; c < 64; ++c) {
    const double first = k[c] - plain[c];
    channels += std::abs(first) > 1 ? 1 : 0;
    EXPECT_NEAR(std::abs(first), first == 0 ? 0 : 10, 0.01);
    for (std::size_t row = 1; row < 8; ++row) {
      EXPECT_NEAR(k[row * 64 + c] - plain[row * 64 + c], first, 0.02);
    }
  }
  EXPECT_EQ(channels, 3);
}

TEST(SyntheticTest, SinkIsWhatKey0GainsInTheMeanScore) {
  SyntheticConfig config;
  config.layers = 1;
  config.peak = 0;
  config.outliers = 0;
  config.sink = 0;
  const double without = mean_score_of_key_0(make_synthetic(config));
  config.sink = 6;
  const Trace trace = make_synthetic(config);
  const std::vector<double> k = rows(trace, TensorKind::K, 0);
  double squares = 0;
  for (std::size_t c = 0; c < 64; ++c) squares += k[c] * k[c];
  EXPECT_NEAR(mean_score_of_key_0(trace) - without, 6 * squares / 64, 0.05);
}

TEST(SyntheticTest, MatchesLieAmongTheKeysThatTheQuerySees) {
  SyntheticConfig config = small_settings();
  config.model = "gpt2";
  config.matches = 1;
  config.peak = 50;
  config.sink = 0;
  config.outliers = 0;
  const Trace trace = make_synthetic(config);
  const std::vector<double> q = rows(trace, TensorKind::Q, 0);
  const std::vector<double> k = rows(trace, TensorKind::K, 0);
  for (std::size_t i = 0; i < 8; ++i) {
    std::vector<double> scores(8);
    for (std::size_t j = 0; j < 8; ++j) {
      for (std::size_t c = 0; c < 64; ++c) scores[j] += q[i * 64 + c] * k[j * 64 + c];
    }
    const auto best = std::ranges::max_element(scores);
    EXPECT_LE(best - scores.begin(), static_cast<std::ptrdiff_t>(i));
    EXPECT_GT(*best / 8, 25);
  }
}

TEST(SyntheticTest, TheStrongestSettingsStayFinite) {
  SyntheticConfig config = small_settings();
  config.model = "minilm_l6";
  config.n = 2;
  config.spread = 0.1;
  config.peak = config.sink = 100;
  config.matches = 16;
  config.outliers = 32;
  EXPECT_EQ(error_of([&] { return make_synthetic(config); }), "");
}

TEST(SyntheticTest, ValuesOutOfTheirRangeAreTheUsersMistake) {
  const auto error = [](auto member, auto value) {
    SyntheticConfig config = small_settings();
    config.*member = value;
    return error_of([&] { return make_synthetic(config); });
  };
  EXPECT_EQ(error(&SyntheticConfig::n, 0), "/n: 0 [tokens]; allowed: 1 to 1048576");
  EXPECT_EQ(error(&SyntheticConfig::n, INT64_MAX),
            "/n: 9223372036854775807 [tokens]; allowed: 1 to 1048576");
  EXPECT_EQ(error(&SyntheticConfig::layers, 0), "/layers: 0 [layers]; allowed: 1 to 1024");
  EXPECT_EQ(error(&SyntheticConfig::spread, 0.0), "/spread: 0; allowed: 0.1 to 16");
  EXPECT_EQ(error(&SyntheticConfig::peak, std::nan("")), "/peak: nan; allowed: 0 to 100");
  EXPECT_EQ(error(&SyntheticConfig::model, "gpt3"),
            "/model: unknown model 'gpt3'; allowed: bert_base, bert_tiny, gpt2, minilm_l6, "
            "smollm2_135m, tinybert_4; did you mean 'gpt2'?");
}

TEST(SyntheticTest, MoreThanFourGibibytesAreRefusedBeforeTheyAreMade) {
  SyntheticConfig config;
  config.n = 1 << 20;
  config.layers = 1024;
  config.heads = 1024;
  EXPECT_EQ(error_of([&] { return make_synthetic(config); }),
            "/n: 1048576 keys make 422212465065984 of tensors [bytes]; allowed: at most 4294967296 "
            "in all");
  config.stage = Stage::Decode;
  config.n_ctx = config.steps = 1 << 20;
  EXPECT_EQ(error_of([&] { return make_synthetic(config); }),
            "/n_ctx: 2097152 keys make 703687441776640 of tensors [bytes]; allowed: at most "
            "4294967296 in all");
}

TEST(SyntheticTest, HeadsMustFitTheGroupsOfTheModel) {
  SyntheticConfig config = small_settings();
  config.model = "smollm2_135m";
  config.heads = 4;
  EXPECT_EQ(error_of([&] { return make_synthetic(config); }),
            "/heads: 4 [heads]; allowed: multiples of 3, as 3 query heads share a kv head");
  config = small_settings();
  config.model = "minilm_l6";
  config.outliers = 33;
  EXPECT_EQ(error_of([&] { return make_synthetic(config); }),
            "/outliers: 33 [channels]; allowed: at most the head size, 32");
}

}  // namespace
}  // namespace hdp
