// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace hdp {

/// The attention of a known model, without its weights.
struct ModelShape {
  std::string_view name;
  std::int64_t layers;
  std::int64_t heads;     ///< Query heads.
  std::int64_t kv_heads;  ///< Divides heads; fewer than heads is grouped-query attention.
  std::int64_t d;         ///< Size of one head.
  bool causal;
};

/// All of them, by name.
std::span<const ModelShape> model_shapes();

/// The model of that name; UserError with the nearest name where there is none.
const ModelShape& model_shape(std::string_view name);

}  // namespace hdp
