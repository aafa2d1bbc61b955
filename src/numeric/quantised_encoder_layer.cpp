// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "numeric/encoder_arithmetic.hpp"
#include <hdp/base/check.hpp>
#include <hdp/numeric/code_attention.hpp>
#include <hdp/numeric/integer_product.hpp>
#include <hdp/numeric/scale_quantisation.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kLeastBits = 2, kMostBits = 8;

/// A tensor as codes with one scale.
struct Codes {
  Codes(MatrixView<const double> values, std::int64_t bits)
      : unit(scale_of(values.values(), bits)), codes(values.rows(), values.columns()) {
    quantise_scaled(values.values(), unit, bits, codes.values());
  }
  [[nodiscard]] CodesView view() const { return {codes.view(), unit}; }
  double unit;
  Matrix<std::int32_t> codes;
};

class CodeArithmetic final : public detail::EncoderArithmetic {
 public:
  explicit CodeArithmetic(const CodeBits& bits) : bits_(bits) {
    for (const std::int64_t width : {bits.weights, bits.activations})
      HDP_CHECK(width >= kLeastBits && width <= kMostBits, "codes of 2 to 8 bits");
  }

  [[nodiscard]] Matrix<double> product(MatrixView<const double> x,
                                       MatrixView<const double> weights) const override {
    const Codes rows(x, bits_.activations), keys(weights, bits_.weights);
    IntegerProduct product;
    product.load(keys.codes.view(), max_abs(rows.codes.values()));
    HDP_CHECK(product.bound() <= INT32_MAX, "a sum fits 32 bits");
    Matrix<std::int32_t> sums(x.rows(), weights.rows());
    product.multiply(rows.codes.view(), weights.rows(), sums.view());
    Matrix<double> values(x.rows(), weights.rows());
    values.eigen() = sums.eigen().cast<double>() * (rows.unit * keys.unit);
    return values;
  }

  [[nodiscard]] Matrix<double> attend(MatrixView<const double> q, MatrixView<const double> k,
                                      MatrixView<const double> v, bool causal) const override {
    const Codes queries(q, bits_.activations), keys(k, bits_.activations),
        values(v, bits_.activations);
    CodeAttention attention(keys.view(), values.view(), bits_.activations,
                            max_abs(queries.codes.values()));
    Matrix<double> out(q.rows(), v.columns());
    for (std::int64_t i = 0; i < q.rows(); ++i)
      attention.attend({queries.codes.view().slice(i, 1), queries.unit}, causal ? i + 1 : k.rows(),
                       out.row(i));
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
