// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <hdp/prune/encoder_run.hpp>
#include <hdp/prune/nm_decisions.hpp>

namespace hdp {
namespace {

const Encoder& tiny() {
  static const Encoder kEncoder =
      make_synthetic_encoder({.model = "bert_tiny", .n = 12, .layers = 2});
  return kEncoder;
}

double error(const ErrorMeasure& measure) { return measure.relative_frobenius().value(); }

TEST(EncoderRunTest, TheTraceIsWhatTheProjectionsMake) {
  const EncoderRun run = run_encoder(tiny(), {}, true);
  EXPECT_EQ(run.trace.layers(), 2);
  EXPECT_EQ(run.trace.shape(0).heads, 2);
  EXPECT_EQ(run.trace.shape(0).d, 64);
  const EncoderActivations first =
      quantised_encoder_layer(tiny().input().view(), tiny().layer(0), {});
  const EncoderActivations second =
      quantised_encoder_layer(first.output.view(), tiny().layer(1), {});
  const Matrix<double> k = run.trace.read_head(1, TensorKind::K, 1);
  EXPECT_EQ(k.row(3)[5], second.k.row(3)[64 + 5]);
  EXPECT_EQ(error(run.errors[0].masks), 0);
  EXPECT_GT(error(run.errors[0].all), 0.001);
  EXPECT_LT(error(run.errors[0].all), 0.05);
  EXPECT_GT(error(run.errors[1].all), error(run.errors[0].all));  // from layer to layer
}

TEST(EncoderRunTest, MasksCostWhatTheyLeaveOut) {
  const auto masks = [](std::int64_t kept) {
    return error(run_encoder(tiny(), {.bits = {}, .kept = kept, .of = 8}, true).errors[1].masks);
  };
  EXPECT_EQ(masks(8), 0);
  EXPECT_GT(masks(4), masks(6));
  EXPECT_GT(masks(1), masks(4));
}

TEST(EncoderRunTest, MasksAreThoseOfNmAlongTheReduction) {
  const EncoderLayer whole = tiny().layer(0), masked = with_masks(whole, 2, 8);
  const BitMatrix kept = nm_mask(whole.output.weights.view(), {.n = 2, .m = 8, .axis = 1});
  for (std::int64_t i = 0; i < whole.output.weights.rows(); ++i)
    for (std::int64_t j = 0; j < whole.output.weights.columns(); ++j) {
      const auto at = static_cast<std::size_t>(j);
      EXPECT_EQ(masked.output.weights.row(i)[at],
                kept.get(i, j) ? whole.output.weights.row(i)[at] : 0);
    }
}

TEST(EncoderRunTest, NoNumberOfThreadsChangesAnything) {
  const EncoderSettings settings{.bits = {}, .kept = 2, .of = 4};
  const EncoderRun one = run_encoder(tiny(), settings, true, 1);
  const EncoderRun many = run_encoder(tiny(), settings, true, 3);
  EXPECT_EQ(one.trace.sha256(), many.trace.sha256());
  EXPECT_EQ(error(one.errors[1].all), error(many.errors[1].all));
  EXPECT_EQ(run_encoder(tiny(), settings, false).trace.sha256(), one.trace.sha256());
}

}  // namespace
}  // namespace hdp
