// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "numeric/encoder_arithmetic.hpp"
#include <hdp/base/check.hpp>
#include <hdp/numeric/integer_product.hpp>
#include <hdp/numeric/scale_quantisation.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kLeastBits = 2, kMostBits = 8;

/// A tensor as codes with one scale.
struct Codes {
  Codes(MatrixView<const double> values, std::int64_t bits)
      : scale(scale_of(values.values(), bits)), codes(values.rows(), values.columns()) {
    quantise_scaled(values.values(), scale, bits, codes.values());
  }
  double scale;
  Matrix<std::int32_t> codes;
};

/// rows keys^T in sums of 32 bits; |value| of a row is at most `row_max`.
class CodeProduct {
 public:
  CodeProduct(MatrixView<const std::int32_t> keys, std::int64_t row_max) : keys_(keys.rows()) {
    product_.load(keys, row_max);
    HDP_CHECK(product_.bound() <= INT32_MAX, "a sum fits 32 bits");
  }
  Matrix<std::int32_t> of(MatrixView<const std::int32_t> rows) {
    Matrix<std::int32_t> sums(rows.rows(), keys_);
    product_.multiply(rows, keys_, sums.view());
    return sums;
  }

 private:
  std::int64_t keys_;
  IntegerProduct product_;
};

/// exp(unit * (sum - the largest of the row)) as codes, 0 for keys that are not seen.
void exponentials(std::span<std::int32_t> sums, std::size_t seen, double unit, double one) {
  const std::int32_t most = *std::ranges::max_element(sums.first(seen));
  for (std::int32_t& sum : sums.first(seen))
    sum = static_cast<std::int32_t>(std::nearbyint(one * std::exp(unit * (sum - most))));
  std::ranges::fill(sums.subspan(seen), 0);
}

class CodeArithmetic final : public detail::EncoderArithmetic {
 public:
  explicit CodeArithmetic(const CodeBits& bits) : bits_(bits) {
    for (const std::int64_t width : {bits.weights, bits.activations})
      HDP_CHECK(width >= kLeastBits && width <= kMostBits, "codes of 2 to 8 bits");
  }

  [[nodiscard]] Matrix<double> product(MatrixView<const double> x,
                                       MatrixView<const double> weights) const override {
    const Codes rows(x, bits_.activations), keys(weights, bits_.weights);
    const Matrix<std::int32_t> sums =
        CodeProduct(keys.codes.view(), max_abs(rows.codes.values())).of(rows.codes.view());
    Matrix<double> values(sums.rows(), sums.columns());
    values.eigen() = sums.eigen().cast<double>() * (rows.scale * keys.scale);
    return values;
  }

  [[nodiscard]] Matrix<double> attend(MatrixView<const double> q, MatrixView<const double> k,
                                      MatrixView<const double> v, bool causal) const override {
    constexpr std::int64_t kRows = 64;  // at a time, for memory
    const Codes queries(q, bits_.activations), keys(k, bits_.activations),
        values(v, bits_.activations);
    Matrix<std::int32_t> turned(v.columns(), v.rows());
    turned.eigen() = values.codes.eigen().transpose();
    const std::int64_t one = (std::int64_t{1} << (bits_.activations - 1)) - 1;
    CodeProduct scores(keys.codes.view(), max_abs(queries.codes.values())),
        sums(turned.view(), one);
    const double unit = queries.scale * keys.scale / std::sqrt(static_cast<double>(q.columns()));
    Matrix<double> out(q.rows(), v.columns());
    for (std::int64_t first = 0; first < q.rows(); first += kRows) {
      const std::int64_t rows = std::min(kRows, q.rows() - first);
      Matrix<std::int32_t> shares = scores.of(queries.codes.view().slice(first, rows));
      for (std::int64_t r = 0; r < rows; ++r)
        exponentials(shares.row(r), static_cast<std::size_t>(causal ? first + r + 1 : k.rows()),
                     unit, static_cast<double>(one));
      const Matrix<std::int32_t> made = sums.of(shares.view());
      for (std::int64_t r = 0; r < rows; ++r) {
        const auto total = shares.eigen().row(r).cast<double>().sum();
        out.eigen().row(first + r) = made.eigen().row(r).cast<double>() * (values.scale / total);
      }
    }
    return out;
  }

 private:
  CodeBits bits_;
};

}  // namespace

EncoderActivations quantised_encoder_layer(MatrixView<const double> x, const EncoderLayer& layer,
                                           const CodeBits& bits) {
  return detail::encoder_layer(x, layer, CodeArithmetic(bits));
}

}  // namespace hdp
