// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "numeric/double_panels.hpp"
#include "numeric/encoder_arithmetic.hpp"
#include <hdp/base/check.hpp>
#include <hdp/numeric/dense_attention.hpp>
#include <hdp/numeric/encoder_layer.hpp>

namespace hdp {
namespace {

using detail::EncoderArithmetic;

Matrix<double> apply(const EncoderArithmetic& arithmetic, MatrixView<const double> x,
                     const Linear& linear) {
  HDP_CHECK(linear.weights.columns() == x.columns(), "weights fit their input");
  Matrix<double> y = arithmetic.product(x, linear.weights.view());
  if (linear.bias.empty()) return y;
  for (std::int64_t i = 0; i < y.rows(); ++i)
    std::ranges::transform(y.row(i), linear.bias, y.row(i).begin(), std::plus<>());
  return y;
}

double gelu(double x) { return 0.5 * x * (1.0 + std::erf(x / std::numbers::sqrt2)); }

void normalise(std::span<double> row, const LayerNorm& norm) {
  const auto n = static_cast<double>(row.size());
  const double mean = std::accumulate(row.begin(), row.end(), 0.0) / n;
  double squares = 0;
  for (const double value : row) squares += (value - mean) * (value - mean);
  const double unit = 1.0 / std::sqrt(squares / n + norm.epsilon);
  for (std::size_t c = 0; c < row.size(); ++c) {
    const double gain = norm.gain.empty() ? 1.0 : norm.gain[c];
    row[c] = (row[c] - mean) * unit * gain + (norm.bias.empty() ? 0.0 : norm.bias[c]);
  }
}

/// norm(x + more), row by row.
Matrix<double> add_and_norm(MatrixView<const double> x, Matrix<double> more,
                            const LayerNorm& norm) {
  for (std::int64_t i = 0; i < more.rows(); ++i) {
    std::ranges::transform(more.row(i), x.row(i), more.row(i).begin(), std::plus<>());
    normalise(more.row(i), norm);
  }
  return more;
}

Matrix<double> head_of(const Matrix<double>& heads, std::int64_t head, std::int64_t d) {
  Matrix<double> one(heads.rows(), d);
  one.eigen() = heads.eigen().middleCols(head * d, d);
  return one;
}

Matrix<double> attention(const EncoderActivations& made, const EncoderLayer& layer,
                         const EncoderArithmetic& arithmetic) {
  const std::int64_t d = made.q.columns() / layer.heads, group = layer.heads / layer.kv_heads;
  Matrix<double> all(made.q.rows(), made.q.columns());
  for (std::int64_t h = 0; h < layer.heads; ++h) {
    const Matrix<double> q = head_of(made.q, h, d), k = head_of(made.k, h / group, d),
                         v = head_of(made.v, h / group, d);
    const Matrix<double> out = arithmetic.attend(q.view(), k.view(), v.view(), layer.causal);
    all.eigen().middleCols(h * d, d) = out.eigen();
  }
  return all;
}

class DoubleArithmetic final : public EncoderArithmetic {
 public:
  [[nodiscard]] Matrix<double> product(MatrixView<const double> x,
                                       MatrixView<const double> weights) const override {
    DoublePanels panels;  // sums in one order, whatever the compiler
    panels.load(weights.eigen().transpose());
    Matrix<double> y(x.rows(), weights.rows());
    for (std::int64_t i = 0; i < x.rows(); i += DoublePanels::kRows) {
      const std::int64_t rows = std::min(DoublePanels::kRows, x.rows() - i);
      panels.multiply(x.slice(i, rows), x.columns(), y.columns(), y.view().slice(i, rows));
    }
    return y;
  }
  [[nodiscard]] Matrix<double> attend(MatrixView<const double> q, MatrixView<const double> k,
                                      MatrixView<const double> v, bool causal) const override {
    DenseAttention dense;
    dense.load(k, v);
    const std::int64_t n = q.rows();
    Matrix<double> p(DenseAttention::kMaxRows, n), out(n, v.columns());
    for (std::int64_t i = 0; i < n; i += DenseAttention::kMaxRows) {
      const std::int64_t rows = std::min(DenseAttention::kMaxRows, n - i);
      dense.rows(q.slice(i, rows), causal ? i + 1 : n, causal ? 1 : 0, p.view().slice(0, rows),
                 out.view().slice(i, rows));
    }
    return out;
  }
};

}  // namespace

EncoderActivations detail::encoder_layer(MatrixView<const double> x, const EncoderLayer& layer,
                                         const EncoderArithmetic& arithmetic) {
  EncoderActivations made;
  made.q = apply(arithmetic, x, layer.query);
  made.k = apply(arithmetic, x, layer.key);
  made.v = apply(arithmetic, x, layer.value);
  const Matrix<double> attended = attention(made, layer, arithmetic);
  const Matrix<double> y = add_and_norm(
      x, apply(arithmetic, attended.view(), layer.attention_output), layer.attention_norm);
  Matrix<double> middle = apply(arithmetic, y.view(), layer.intermediate);
  std::ranges::transform(middle.values(), middle.values().begin(), gelu);
  made.output =
      add_and_norm(y.view(), apply(arithmetic, middle.view(), layer.output), layer.output_norm);
  return made;
}

EncoderActivations dense_encoder_layer(MatrixView<const double> x, const EncoderLayer& layer) {
  return detail::encoder_layer(x, layer, DoubleArithmetic());
}

}  // namespace hdp
