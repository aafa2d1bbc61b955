// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <hdp/numeric/matrix.hpp>

namespace hdp {

/// y = x weights^T + bias.
struct Linear {
  Matrix<double> weights;    ///< [out, in], the reduction dimension last.
  std::vector<double> bias;  ///< [out], or empty: zeros.
};

/// Rows to mean 0 and variance 1, times gain, plus bias.
struct LayerNorm {
  std::vector<double> gain, bias;  ///< [columns], or empty: ones and zeros.
  double epsilon = 1e-12;
};

/// A layer of a BERT-like encoder: y = norm(x + attention), z = norm(y + FFN(y)), GELU between.
struct EncoderLayer {
  Linear query, key, value;  ///< [heads * d, hidden] and, twice, [kv_heads * d, hidden].
  Linear attention_output;   ///< [hidden, heads * d].
  LayerNorm attention_norm;
  Linear intermediate, output;  ///< [ffn, hidden], [hidden, ffn].
  LayerNorm output_norm;
  std::int64_t heads = 1, kv_heads = 1;
  bool causal = false;
};

/// What a layer makes of its input: heads side by side.
struct EncoderActivations {
  Matrix<double> q, k, v;  ///< [n, heads * d] and, twice, [n, kv_heads * d].
  Matrix<double> output;   ///< [n, hidden].
};

/// In double, the yardstick; x [n, hidden].
EncoderActivations dense_encoder_layer(MatrixView<const double> x, const EncoderLayer& layer);

/// How a layer is computed in integers (docs/layers.md): ours, no paper's.
struct CodeBits {
  std::int64_t weights = 8, activations = 8;  ///< Codes are symmetric; 2 to 8, so that sums fit.
};

/// Every product on codes with one scale a tensor (of Q, K, V: a head), half to even, in sums of 32
/// bits; exponentials of softmax are codes, too, of which the largest of a row is 1, and the row is
/// divided by their sum at its end. Norms, GELU, biases and residuals in double. LogicFault for
/// bits out of range, and sums that need more than 32.
EncoderActivations quantised_encoder_layer(MatrixView<const double> x, const EncoderLayer& layer,
                                           const CodeBits& bits);

}  // namespace hdp
