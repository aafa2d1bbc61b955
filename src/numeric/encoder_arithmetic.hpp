// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/numeric/encoder_layer.hpp>

namespace hdp::detail {

/// How the products of a layer are made.
class EncoderArithmetic {
 public:
  virtual ~EncoderArithmetic() = default;
  /// x weights^T, without the bias.
  [[nodiscard]] virtual Matrix<double> product(MatrixView<const double> x,
                                               MatrixView<const double> weights) const = 0;
  /// Attention of a head, [n, d] each: softmax(q k^T / sqrt(d)) v.
  [[nodiscard]] virtual Matrix<double> attend(MatrixView<const double> q,
                                              MatrixView<const double> k,
                                              MatrixView<const double> v, bool causal) const = 0;
};

/// The steps of a layer, whatever the arithmetic.
EncoderActivations encoder_layer(MatrixView<const double> x, const EncoderLayer& layer,
                                 const EncoderArithmetic& arithmetic);

}  // namespace hdp::detail
