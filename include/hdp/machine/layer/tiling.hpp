// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <hdp/config/field.hpp>
#include <hdp/machine/layer/config.hpp>
#include <hdp/units/matrix_engine.hpp>

namespace hdp {

/// A product of matrices: outputs of rows x columns over a reduction.
struct ProductShape {
  std::int64_t rows = 0, columns = 0, depth = 0;
};

/// What stays in its buffer while the other operand streams past: column panels of weights, row
/// tiles of inputs, or, where neither fits a half, nothing.
enum class Stays : std::uint8_t { Weights, Inputs, Nothing };
template <>
struct EnumNames<Stays> {
  static constexpr std::array<std::string_view, 3> kNames{"weights", "inputs", "nothing"};
};

/// Bytes of `columns` columns of weights over `depth` elements, as stored.
std::int64_t weight_bytes(const LayerConfig& config, const NmPattern& pattern, std::int64_t columns,
                          std::int64_t depth);
/// Bytes of `rows` rows of activations of `depth` elements.
std::int64_t activation_bytes(const LayerConfig& config, std::int64_t rows, std::int64_t depth);

/// How a product goes through the buffers (sim/machine/layer/layer.md).
struct Tiling {
  Stays stays = Stays::Weights;
  std::int64_t row_tiles = 0, column_tiles = 0;
  std::int64_t tile_rows = 0, tile_columns = 0;  ///< Of all tiles but the last.
  std::int64_t together = 1;                     ///< Tiles, or panels, that stay at a time.
  std::int64_t chunk = 0;  ///< Elements of the reduction that stream at a time.
  std::int64_t weight_bytes = 0, input_bytes = 0;  ///< Read in all.
};

/// Of the ways that the buffers allow the one that reads fewest bytes. UserError where a half of a
/// buffer is too small for any.
Tiling tiling_of(const LayerConfig& config, const MatrixArray& array, const NmPattern& pattern,
                 const ProductShape& shape);

}  // namespace hdp
