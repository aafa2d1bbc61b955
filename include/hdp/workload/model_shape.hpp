// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace hdp {

/// What surrounds the attention of a layer: the width of its activations, and of its FFN.
struct LayerWidths {
  std::int64_t hidden = 0;
  std::int64_t ffn = 0;
  bool gated = false;  ///< A third FFN matrix, whose output multiplies that of the first.
  friend bool operator==(const LayerWidths&, const LayerWidths&) = default;
};

/// The sizes of a known model, without its weights.
struct ModelShape {
  std::string_view name;
  std::int64_t layers;
  std::int64_t heads;     ///< Query heads.
  std::int64_t kv_heads;  ///< Divides heads; fewer than heads is grouped-query attention.
  std::int64_t d;         ///< Size of one head.
  bool causal;
  LayerWidths widths;
};

/// All of them, by name.
std::span<const ModelShape> model_shapes();

/// The model of that name; UserError with the nearest name where there is none.
const ModelShape& model_shape(std::string_view name);

}  // namespace hdp
