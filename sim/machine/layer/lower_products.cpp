// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "machine/layer/lowering.hpp"

namespace hdp::layer {

std::int64_t Lowering::Product::rows_of(std::int64_t tile) const {
  return std::min(tiling.tile_rows, job->rows - tile * tiling.tile_rows);
}
std::int64_t Lowering::Product::columns_of(std::int64_t panel) const {
  return std::min(tiling.tile_columns, job->columns - panel * tiling.tile_columns);
}

void Lowering::add(const MatrixJob& job) {
  if (job.rows == 0 || job.columns == 0 || job.depth == 0) return add_nothing(job.phase);
  Product product;
  product.job = &job;
  product.pattern = job.pattern ? config_.pattern() : NmPattern{};
  product.tiling = tiling_of(config_, array_, product.pattern, {job.rows, job.columns, job.depth});
  product.input = matrix_of(job.input, job.rows, job.depth);
  product.input_needs = needs_of(job.input);
  product.input_needs.also(needs_of(job.after));
  product.weights = allocate(hdp::weight_bytes(config_, product.pattern, job.columns, job.depth));
  product.phase = program_.add_phase(job.phase);
  const std::int64_t bytes = activation_bytes(config_, job.rows, job.columns);
  written_.push_back({allocate(bytes), job.rows, job.columns});
  switch (product.tiling.stays) {
    case Stays::Weights:
      lower_around_weights(product);
      break;
    case Stays::Inputs:
      lower_around_inputs(product);
      break;
    case Stays::Nothing:
      lower_around_nothing(product);
      break;
  }
  written_.back().written = program_.count(Track::Outputs);
  weight_bytes_ += product.tiling.weight_bytes;
  input_bytes_ += product.tiling.input_bytes;
  macs_.push_back({job.phase, job.rows * job.columns * kept_of(product.pattern, job.depth)});
}

template <class Visit>
void Lowering::for_each_chunk(const Product& product, const Visit& visit) {
  const std::int64_t depth = product.job->depth, chunk = product.tiling.chunk;
  for (std::int64_t begin = 0; begin < depth; begin += chunk)
    visit(Stretch{begin, std::min(depth, begin + chunk)});
}

/// Column panels stay, row tiles stream.
void Lowering::lower_around_weights(const Product& product) {
  const Tiling& tiling = product.tiling;
  const Stretch whole{0, product.job->depth};
  for (std::int64_t first = 0; first < tiling.column_tiles; first += tiling.together) {
    const std::int64_t end = std::min(tiling.column_tiles, first + tiling.together);
    weights_.turn();
    std::vector<Loaded> panels;
    for (std::int64_t j = first; j < end; ++j) panels.push_back(load_weights(product, j, whole));
    const auto panel = [&](std::int64_t j) { return panels[static_cast<std::size_t>(j - first)]; };
    for (std::int64_t i = 0; i < tiling.row_tiles; ++i) {
      if (tiling.chunk == whole.end) {
        const Loaded inputs = load_inputs(product, i, whole);
        for (std::int64_t j = first; j < end; ++j) pass(product, i, j, whole, panel(j), inputs);
      } else {
        for (std::int64_t j = first; j < end; ++j)
          for_each_chunk(product, [&](Stretch stretch) {
            pass(product, i, j, stretch, panel(j), load_inputs(product, i, stretch));
          });
      }
    }
  }
}

/// Row tiles stay, column panels stream.
void Lowering::lower_around_inputs(const Product& product) {
  const Tiling& tiling = product.tiling;
  const Stretch whole{0, product.job->depth};
  for (std::int64_t first = 0; first < tiling.row_tiles; first += tiling.together) {
    const std::int64_t end = std::min(tiling.row_tiles, first + tiling.together);
    inputs_.turn();
    std::vector<Loaded> tiles;
    for (std::int64_t i = first; i < end; ++i) tiles.push_back(load_inputs(product, i, whole));
    const auto tile = [&](std::int64_t i) { return tiles[static_cast<std::size_t>(i - first)]; };
    for (std::int64_t j = 0; j < tiling.column_tiles; ++j) {
      if (tiling.chunk == whole.end) {
        const Loaded weights = load_weights(product, j, whole);
        for (std::int64_t i = first; i < end; ++i) pass(product, i, j, whole, weights, tile(i));
      } else {
        for (std::int64_t i = first; i < end; ++i)
          for_each_chunk(product, [&](Stretch stretch) {
            pass(product, i, j, stretch, load_weights(product, j, stretch), tile(i));
          });
      }
    }
  }
}

void Lowering::lower_around_nothing(const Product& product) {
  for (std::int64_t j = 0; j < product.tiling.column_tiles; ++j)
    for (std::int64_t i = 0; i < product.tiling.row_tiles; ++i)
      for_each_chunk(product, [&](Stretch stretch) {
        const Loaded weights = load_weights(product, j, stretch);
        pass(product, i, j, stretch, weights, load_inputs(product, i, stretch));
      });
}

Loaded Lowering::load_weights(const Product& product, std::int64_t panel, Stretch stretch) {
  const std::int64_t columns = product.columns_of(panel);
  const std::int64_t bytes = hdp::weight_bytes(config_, product.pattern, columns, stretch.length());
  const std::int64_t before =
      hdp::weight_bytes(config_, product.pattern, panel * product.tiling.tile_columns,
                        product.job->depth) +
      hdp::weight_bytes(config_, product.pattern, columns, stretch.begin);
  const DoubleBuffer::Place place = weights_.place(bytes);
  return {place, program_.add_transfer(
                     Track::Weights,
                     {.needs = place.needs, .phase = product.phase, .tensor = Tensor::Weights},
                     product.weights + static_cast<std::uint64_t>(before), bytes)};
}

Loaded Lowering::load_inputs(const Product& product, std::int64_t tile, Stretch stretch) {
  const std::int64_t bytes = activation_bytes(config_, product.rows_of(tile), stretch.length());
  const DoubleBuffer::Place place = inputs_.place(bytes);
  Needs needs = place.needs;
  needs.also(product.input_needs);
  return {place, program_.add_transfer(Track::Inputs, {.needs = needs, .phase = product.phase},
                                       address_of(product.input, tile, stretch.begin), bytes)};
}

void Lowering::pass(const Product& product, std::int64_t tile, std::int64_t panel, Stretch stretch,
                    const Loaded& weights, const Loaded& inputs) {
  const std::int64_t rows = product.rows_of(tile), columns = product.columns_of(panel);
  const NmPattern& pattern = product.pattern;
  Needs needs;
  needs.also(Track::Weights, weights.count);
  needs.also(Track::Inputs, inputs.count);
  // A PE has two accumulators: those of the tile before the last must be free.
  const std::uint32_t jobs = program_.count(Track::Vector);
  if (stretch.begin == 0 && jobs > 1) needs.also(Track::Vector, jobs - 1);
  const std::int64_t products = rows * columns * products_of(pattern, stretch.length());
  const std::uint32_t pass =
      program_.add(Track::Matrix, {.needs = needs,
                                   .phase = product.phase,
                                   .sparse = pattern.sparse(),
                                   .cycles = tile_cycles(array_, pattern, stretch.length()),
                                   .products = products});
  weights_.use(weights.place, Track::Matrix, pass);
  inputs_.use(inputs.place, Track::Matrix, pass);
  const std::int64_t times = ceil_div(stretch.length(), elements_at_a_time(array_, pattern));
  const std::int64_t stored =
      pattern.sparse()
          ? groups_at_a_time(array_, pattern) * (pattern.kept * config_.weight_bits + pattern.of)
          : array_.depth * config_.weight_bits;
  totals_.products += products;
  if (pattern.sparse()) totals_.sparse_products += products;
  totals_.weight_bits += columns * times * stored;
  totals_.input_bits +=
      rows * times * elements_at_a_time(array_, pattern) * config_.activation_bits;
  if (stretch.end < product.job->depth) return;
  Needs done;
  done.also(Track::Matrix, pass);
  finish(product.phase, done,
         {rows, columns, address_of(written_.back(), tile, panel * product.tiling.tile_columns)},
         product.job->vector_passes);
}

}  // namespace hdp::layer
