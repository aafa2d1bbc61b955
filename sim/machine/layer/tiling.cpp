// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/machine/layer/tiling.hpp>

namespace hdp {
namespace {

/// Chooses among the ways for one product.
class Ways {
 public:
  Ways(const LayerConfig& config, const MatrixArray& array, const NmPattern& pattern,
       const ProductShape& shape)
      : config_(config),
        pattern_(pattern),
        shape_(shape),
        at_a_time_(elements_at_a_time(array, pattern)),
        rows_(std::min(array.rows, shape.rows)),
        columns_(std::min(array.columns, shape.columns)) {}

  [[nodiscard]] Tiling best() const {
    const Tiling weights = with_weights(), inputs = with_inputs();
    if (weights.together == 0 && inputs.together == 0) return with_nothing();
    if (weights.together == 0) return inputs;
    if (inputs.together == 0) return weights;
    const auto bytes = [](const Tiling& way) { return way.weight_bytes + way.input_bytes; };
    return bytes(inputs) < bytes(weights) ? inputs : weights;
  }

 private:
  [[nodiscard]] std::int64_t panel(std::int64_t depth) const {
    return weight_bytes(config_, pattern_, columns_, depth);
  }
  [[nodiscard]] std::int64_t tile(std::int64_t depth) const {
    return activation_bytes(config_, rows_, depth);
  }

  /// So much of the reduction that it fits half of a buffer, in whole steps of the array: pieces as
  /// few as can be, and as equal.
  template <class Bytes>
  [[nodiscard]] std::int64_t chunk(std::string_view buffer, std::int64_t buffer_bytes,
                                   const Bytes& bytes) const {
    const std::int64_t half = buffer_bytes / 2;
    if (bytes(shape_.depth) <= half) return shape_.depth;
    std::int64_t fits = 0, not_fits = ceil_div(shape_.depth, at_a_time_);
    while (not_fits - fits > 1) {
      const std::int64_t middle = (fits + not_fits) / 2;
      (bytes(middle * at_a_time_) <= half ? fits : not_fits) = middle;
    }
    if (fits == 0)
      refuse(fmt::format("/layer/{}", buffer),
             fmt::format("half of {} bytes does not hold a step of the array", buffer_bytes),
             fmt::format("at least {}", 2 * bytes(at_a_time_)));
    return equal(fits * at_a_time_);
  }
  [[nodiscard]] std::int64_t equal(std::int64_t most) const {
    const std::int64_t pieces = ceil_div(shape_.depth, most);
    return ceil_div(ceil_div(shape_.depth, pieces), at_a_time_) * at_a_time_;
  }
  [[nodiscard]] std::int64_t weight_chunk() const {
    return chunk("weight_buffer_bytes", config_.weight_buffer_bytes,
                 [&](std::int64_t depth) { return panel(depth); });
  }
  [[nodiscard]] std::int64_t input_chunk() const {
    return chunk("input_buffer_bytes", config_.input_buffer_bytes,
                 [&](std::int64_t depth) { return tile(depth); });
  }

  /// All of an operand once, in chunks: `bytes(count, depth)` of so many rows or columns.
  template <class Bytes>
  [[nodiscard]] std::int64_t all(std::int64_t count, std::int64_t of_tile, std::int64_t chunk,
                                 const Bytes& bytes) const {
    const auto of = [&](std::int64_t width) {
      const std::int64_t rest = shape_.depth % chunk;
      return shape_.depth / chunk * bytes(width, chunk) + (rest == 0 ? 0 : bytes(width, rest));
    };
    const std::int64_t rest = count % of_tile;
    return count / of_tile * of(of_tile) + (rest == 0 ? 0 : of(rest));
  }
  [[nodiscard]] std::int64_t all_weights(std::int64_t chunk) const {
    return all(shape_.columns, columns_, chunk, [&](std::int64_t columns, std::int64_t depth) {
      return weight_bytes(config_, pattern_, columns, depth);
    });
  }
  [[nodiscard]] std::int64_t all_inputs(std::int64_t chunk) const {
    return all(shape_.rows, rows_, chunk, [&](std::int64_t rows, std::int64_t depth) {
      return activation_bytes(config_, rows, depth);
    });
  }

  [[nodiscard]] Tiling tiles() const {
    Tiling way;
    way.tile_rows = rows_;
    way.tile_columns = columns_;
    way.row_tiles = ceil_div(shape_.rows, rows_);
    way.column_tiles = ceil_div(shape_.columns, columns_);
    way.chunk = shape_.depth;
    return way;
  }
  /// What is streamed in chunks meets one tile that stays at a time: there are no accumulators for
  /// more.
  [[nodiscard]] std::int64_t rounds(const Tiling& way, std::int64_t stayers) const {
    return way.chunk < shape_.depth ? stayers : ceil_div(stayers, way.together);
  }
  [[nodiscard]] Tiling with_weights() const {
    Tiling way = tiles();
    way.together =
        std::min(way.column_tiles, config_.weight_buffer_bytes / 2 / panel(shape_.depth));
    if (way.together == 0) return way;
    way.chunk = input_chunk();
    way.weight_bytes = all_weights(shape_.depth);
    way.input_bytes = all_inputs(way.chunk) * rounds(way, way.column_tiles);
    return way;
  }
  [[nodiscard]] Tiling with_inputs() const {
    Tiling way = tiles();
    way.stays = Stays::Inputs;
    way.together = std::min(way.row_tiles, config_.input_buffer_bytes / 2 / tile(shape_.depth));
    if (way.together == 0) return way;
    way.chunk = weight_chunk();
    way.weight_bytes = all_weights(way.chunk) * rounds(way, way.row_tiles);
    way.input_bytes = all_inputs(shape_.depth);
    return way;
  }
  [[nodiscard]] Tiling with_nothing() const {
    Tiling way = tiles();
    way.stays = Stays::Nothing;
    way.chunk = std::min(weight_chunk(), input_chunk());
    way.weight_bytes = all_weights(way.chunk) * way.row_tiles;
    way.input_bytes = all_inputs(way.chunk) * way.column_tiles;
    return way;
  }

  const LayerConfig& config_;
  NmPattern pattern_;
  ProductShape shape_;
  std::int64_t at_a_time_, rows_, columns_;
};

}  // namespace

std::int64_t weight_bytes(const LayerConfig& config, const NmPattern& pattern, std::int64_t columns,
                          std::int64_t depth) {
  const std::int64_t bits = pattern.sparse() ? ceil_div(depth, pattern.of) *
                                                   (pattern.kept * config.weight_bits + pattern.of)
                                             : depth * config.weight_bits;
  return ceil_div(columns * bits, 8);
}

std::int64_t activation_bytes(const LayerConfig& config, std::int64_t rows, std::int64_t depth) {
  return ceil_div(rows * depth * config.activation_bits, 8);
}

Tiling tiling_of(const LayerConfig& config, const MatrixArray& array, const NmPattern& pattern,
                 const ProductShape& shape) {
  return Ways(config, array, pattern, shape).best();
}

}  // namespace hdp
