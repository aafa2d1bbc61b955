// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hdp {

/// What a step reads: what an earlier step of the list has written, or what was there before.
using InputStep = std::optional<std::size_t>;

/// outputs[rows x columns] = activations[rows x depth] * weights[depth x columns]. The outputs pass
/// the vector unit on their way: `vector_passes` operations an element, the first of them
/// requantisation.
struct MatrixJob {
  std::string phase;
  std::int64_t rows = 0, columns = 0, depth = 0;
  InputStep input{};
  InputStep after{};  ///< Begins when this step has ended, whatever it reads.
  std::int64_t vector_passes = 1;
  bool pattern = true;  ///< The machine's N:M pattern applies to the weights.
};

/// Rows of `columns` elements through the vector unit: every input is read, one result written.
struct VectorJob {
  std::string phase;
  std::int64_t rows = 0, columns = 0;
  std::vector<InputStep> inputs{InputStep{}};
  std::int64_t vector_passes = 1;
};

/// A step reads its inputs from memory and writes its outputs there.
using LayerStep = std::variant<MatrixJob, VectorJob>;

/// An encoder layer. Pruned tokens are fewer rows; pruned heads are narrower projections.
struct LayerSizes {
  std::int64_t tokens = 0;  ///< Rows of the products: tokens of all sequences.
  std::int64_t hidden = 0;
  std::int64_t heads = 0, kv_heads = 0;  ///< Alive.
  std::int64_t head_dim = 0;
  std::int64_t ffn = 0;
  bool gated = false;  ///< A second product of the input multiplies the first of the FFN.
  friend bool operator==(const LayerSizes&, const LayerSizes&) = default;
};

/// All of a layer but its attention: projections of Q, K, V; behind attention that of its output,
/// residual and norm, the feed-forward network with GELU, residual and norm. What a decoder does
/// before instead of behind (norms) takes as long.
std::vector<LayerStep> encoder_layer_steps(const LayerSizes& sizes);

}  // namespace hdp
