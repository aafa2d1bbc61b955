// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/base/random.hpp>
#include <hdp/numeric/encoder_layer.hpp>
#include <hdp/numeric/error_measure.hpp>
#include <hdp/numeric/scale_quantisation.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kTokens = 9, kHidden = 12, kFfn = 20, kHeads = 4, kStored = 2, kD = 3;

Matrix<double> random_matrix(std::int64_t rows, std::int64_t columns, std::string_view name) {
  Matrix<double> values(rows, columns);
  RandomStream random(8, name);
  for (double& value : values.values()) value = random.normal();
  return values;
}

Linear random_linear(std::int64_t out, std::int64_t in, std::string_view name) {
  Linear linear{random_matrix(out, in, name), std::vector<double>(static_cast<std::size_t>(out))};
  for (double& weight : linear.weights.values()) weight /= std::sqrt(static_cast<double>(in));
  RandomStream random(9, name);
  for (double& bias : linear.bias) bias = 0.3 * random.normal();
  return linear;
}

EncoderLayer random_layer(bool causal) {
  EncoderLayer layer;
  layer.query = random_linear(kHeads * kD, kHidden, "q");
  layer.key = random_linear(kStored * kD, kHidden, "k");
  layer.value = random_linear(kStored * kD, kHidden, "v");
  layer.attention_output = random_linear(kHidden, kHeads * kD, "o");
  layer.intermediate = random_linear(kFfn, kHidden, "1");
  layer.output = random_linear(kHidden, kFfn, "2");
  for (LayerNorm* norm : {&layer.attention_norm, &layer.output_norm}) {
    norm->gain.assign(kHidden, 1.25);
    norm->bias.assign(kHidden, -0.5);
  }
  layer.heads = kHeads;
  layer.kv_heads = kStored;
  layer.causal = causal;
  return layer;
}

/// From the definitions, one number at a time, with no code of the layer's.
class NaiveLayer {
 public:
  explicit NaiveLayer(const EncoderLayer& layer) : layer_(layer) {}

  [[nodiscard]] Matrix<double> output(const Matrix<double>& x) const {
    const Matrix<double> y =
        norm(x, linear(attention(x), layer_.attention_output), layer_.attention_norm);
    Matrix<double> middle = linear(y, layer_.intermediate);
    for (double& m : middle.values()) m = m / 2 * std::erfc(-m / std::sqrt(2.0));
    return norm(y, linear(middle, layer_.output), layer_.output_norm);
  }

 private:
  static double at(const Matrix<double>& m, std::int64_t i, std::int64_t j) {
    return m.row(i)[static_cast<std::size_t>(j)];
  }
  static Matrix<double> linear(const Matrix<double>& x, const Linear& map) {
    Matrix<double> y(x.rows(), map.weights.rows());
    for (std::int64_t i = 0; i < x.rows(); ++i)
      for (std::int64_t o = 0; o < map.weights.rows(); ++o) {
        double sum = map.bias[static_cast<std::size_t>(o)];
        for (std::int64_t c = 0; c < x.columns(); ++c) sum += at(x, i, c) * at(map.weights, o, c);
        y.row(i)[static_cast<std::size_t>(o)] = sum;
      }
    return y;
  }
  [[nodiscard]] Matrix<double> attention(const Matrix<double>& x) const {
    const Matrix<double> q = linear(x, layer_.query), k = linear(x, layer_.key),
                         v = linear(x, layer_.value);
    Matrix<double> out(x.rows(), kHeads * kD);
    for (std::int64_t h = 0; h < kHeads; ++h)
      for (std::int64_t i = 0; i < x.rows(); ++i) {
        const std::int64_t stored = h / (kHeads / kStored), seen = layer_.causal ? i + 1 : x.rows();
        std::vector<double> p;
        double sum = 0;
        for (std::int64_t j = 0; j < seen; ++j) {
          double score = 0;
          for (std::int64_t c = 0; c < kD; ++c)
            score += at(q, i, h * kD + c) * at(k, j, stored * kD + c);
          sum += p.emplace_back(std::exp(score / std::sqrt(static_cast<double>(kD))));
        }
        for (std::int64_t c = 0; c < kD; ++c) {
          double value = 0;
          for (std::int64_t j = 0; j < seen; ++j)
            value += p[static_cast<std::size_t>(j)] / sum * at(v, j, stored * kD + c);
          out.row(i)[static_cast<std::size_t>(h * kD + c)] = value;
        }
      }
    return out;
  }
  static Matrix<double> norm(const Matrix<double>& x, Matrix<double> y, const LayerNorm& norm) {
    for (std::int64_t i = 0; i < y.rows(); ++i) {
      double mean = 0, variance = 0;
      for (std::size_t c = 0; c < kHidden; ++c) mean += (y.row(i)[c] += x.row(i)[c]) / kHidden;
      for (const double value : y.row(i)) variance += std::pow(value - mean, 2) / kHidden;
      for (std::size_t c = 0; c < kHidden; ++c)
        y.row(i)[c] =
            (y.row(i)[c] - mean) / std::sqrt(variance + norm.epsilon) * norm.gain[c] + norm.bias[c];
    }
    return y;
  }
  const EncoderLayer& layer_;
};

double error_of(const Matrix<double>& out, const Matrix<double>& reference) {
  ErrorMeasure error;
  error.add(out.values(), reference.values());
  return error.relative_frobenius().value();
}

TEST(EncoderLayerTest, ADenseLayerIsWhatItsDefinitionSays) {
  const Matrix<double> x = random_matrix(kTokens, kHidden, "x");
  for (const bool causal : {false, true}) {
    const EncoderLayer layer = random_layer(causal);
    EXPECT_LT(error_of(dense_encoder_layer(x.view(), layer).output, NaiveLayer(layer).output(x)),
              1e-13);
  }
}

/// |x - code * scale| <= scale / 2 for either factor bounds every element of a product.
TEST(EncoderLayerTest, AProductOfCodesIsWithinTheirRounding) {
  const Matrix<double> x = random_matrix(kTokens, kHidden, "x");
  const EncoderLayer layer = random_layer(false);
  for (const std::int64_t bits : {2, 4, 7, 8}) {
    const CodeBits code{.weights = bits, .activations = bits};
    const EncoderActivations made = quantised_encoder_layer(x.view(), layer, code);
    const EncoderActivations dense = dense_encoder_layer(x.view(), layer);
    const double dx = scale_of(x.values(), bits) / 2;
    const double dw = scale_of(layer.query.weights.values(), bits) / 2;
    for (std::int64_t i = 0; i < kTokens; ++i)
      for (std::int64_t o = 0; o < kHeads * kD; ++o) {
        double bound = 1e-12;
        for (std::size_t c = 0; c < kHidden; ++c)
          bound +=
              std::abs(x.row(i)[c]) * dw + std::abs(layer.query.weights.row(o)[c]) * dx + dx * dw;
        const auto at = static_cast<std::size_t>(o);
        EXPECT_LE(std::abs(made.q.row(i)[at] - dense.q.row(i)[at]), bound) << bits;
      }
  }
}

TEST(EncoderLayerTest, CodesOfALayerCostAboutHalfAsMuchWithEveryBit) {
  const Matrix<double> x = random_matrix(kTokens, kHidden, "x");
  for (const bool causal : {false, true}) {
    const EncoderLayer layer = random_layer(causal);
    const Matrix<double> dense = dense_encoder_layer(x.view(), layer).output;
    const auto error = [&](std::int64_t bits) {
      return error_of(quantised_encoder_layer(x.view(), layer, {bits, bits}).output, dense);
    };
    EXPECT_LT(error(8), 0.02);
    EXPECT_GT(error(8), 0.001);
    EXPECT_GT(error(6), 2 * error(8));
    EXPECT_LT(error(6), 8 * error(8));
    EXPECT_GT(error(4), 2 * error(6));
  }
}

/// Weights and activations that are codes already lose nothing in a projection.
TEST(EncoderLayerTest, WhatIsACodeStaysWhatItIs) {
  EncoderLayer layer = random_layer(false);
  Matrix<double> x(kTokens, kHidden);
  RandomStream random(3, "codes");
  for (double& value : x.values()) value = static_cast<double>(random.below(255)) - 127;
  for (double& value : layer.query.weights.values())
    value = (static_cast<double>(random.below(255)) - 127) / 64;
  x.values().front() = 127;
  layer.query.weights.values().front() = 127.0 / 64;
  const EncoderActivations made = quantised_encoder_layer(x.view(), layer, {});
  EXPECT_LT(error_of(made.q, dense_encoder_layer(x.view(), layer).q), 1e-15);
}

TEST(EncoderLayerTest, BitsThatDoNotFitAreAFault) {
  const Matrix<double> x = random_matrix(kTokens, kHidden, "x");
  EXPECT_THROW(quantised_encoder_layer(x.view(), random_layer(false), {9, 8}), LogicFault);
  EXPECT_THROW(quantised_encoder_layer(x.view(), random_layer(false), {8, 1}), LogicFault);
}

}  // namespace
}  // namespace hdp
