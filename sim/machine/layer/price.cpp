// SPDX-License-Identifier: Apache-2.0
#include "machine/layer/price.hpp"

#include <algorithm>

namespace hdp::layer {
namespace {

constexpr double kVectorBits = 16;

std::int64_t bytes_of(const TensorBytes& bytes, Tensor tensor) {
  return bytes[static_cast<std::size_t>(tensor)];
}

/// Bits that a row, or a column, takes at a time.
std::int64_t input_word(const LayerConfig& config, const MatrixArray& array) {
  const NmPattern pattern = config.pattern();
  return std::max(elements_at_a_time(array, pattern), array.depth) * config.activation_bits;
}
std::int64_t weight_word(const LayerConfig& config, const MatrixArray& array) {
  const NmPattern pattern = config.pattern();
  const std::int64_t dense = array.depth * config.weight_bits;
  if (!pattern.sparse()) return dense;
  return std::max(
      dense, groups_at_a_time(array, pattern) * (pattern.kept * config.weight_bits + pattern.of));
}

BufferUse buffer(const char* instance, std::int64_t bytes, std::int64_t banks, std::int64_t word,
                 std::int64_t bits_read, std::int64_t bits_written) {
  return {.instance = instance,
          .sram = {.bytes = bytes,
                   .banks = banks,
                   .word_bits = word,
                   .ports = SramPorts::OneReadOneWrite},
          .reads = ceil_div(bits_read, word),
          .writes = ceil_div(bits_written, word)};
}

}  // namespace

std::vector<BufferUse> buffers(const LayerConfig& config, const MatrixArray& array,
                               const LayerTotals& totals, std::int64_t loaded_weight_bytes,
                               std::int64_t loaded_input_bytes) {
  return {
      buffer("input_buffer", config.input_buffer_bytes, array.rows, input_word(config, array),
             totals.input_bits, 8 * loaded_input_bytes),
      buffer("weight_buffer", config.weight_buffer_bytes, array.columns, weight_word(config, array),
             totals.weight_bits, 8 * loaded_weight_bytes),
      buffer("output_buffer", config.output_buffer_bytes, 1,
             config.vector_lanes * config.activation_bits, totals.output_bits, totals.output_bits)};
}

PricedUnit vector_unit(const Prices& prices, const LayerConfig& config, std::int64_t operations) {
  const auto done = static_cast<double>(operations);
  const auto lanes = static_cast<double>(config.vector_lanes);
  return logic(prices, "vector_unit",
               {{"multiply", done * prices.multiply(kVectorBits, kVectorBits)},
                {"add", done * prices.add(kScoreAccumulatorBits)}},
               {{"multipliers", lanes * prices.multiply_area(kVectorBits, kVectorBits)},
                {"adders", lanes * prices.add_area(kScoreAccumulatorBits)}});
}

PricedUnit products(const Prices& prices, const LayerConfig& config, const MatrixArray& array,
                    const LayerTotals& totals) {
  const auto weight = static_cast<double>(config.weight_bits);
  const auto activation = static_cast<double>(config.activation_bits);
  const auto all = static_cast<double>(totals.products);
  std::vector<CostItem> energy{{"multiply", all * prices.multiply(weight, activation)},
                               {"accumulate", all * prices.add(kScoreAccumulatorBits)}};
  std::vector<CostItem> area;
  if (const NmPattern pattern = config.pattern(); pattern.sparse()) {
    // One of `of` takes of - 1 multiplexers of two, for every multiplier.
    const auto muxes = static_cast<double>(pattern.of - 1);
    energy.push_back(
        {"select", static_cast<double>(totals.sparse_products) * muxes * prices.mux(activation)});
    const std::int64_t used =
        std::min(array.depth, groups_at_a_time(array, pattern) * pattern.kept);
    area.push_back({"selectors", static_cast<double>(array.rows * array.columns * used) * muxes *
                                     prices.mux_area(activation)});
  }
  return logic(prices, "matrix_engine", std::move(energy), std::move(area));
}

EnergyReport price(const LayerConfig& config, const MatrixArray& array, const EnergyTable& table,
                   const LayerResult& run, std::int64_t clock_mhz) {
  const Prices prices(table);
  std::vector<PricedUnit> units{products(prices, config, array, run.totals),
                                vector_unit(prices, config, run.totals.vector_operations)};
  for (const BufferUse& use :
       buffers(config, array, run.totals, bytes_of(run.read_bytes, Tensor::Weights),
               bytes_of(run.read_bytes, Tensor::Activations)))
    units.push_back(priced(prices, use));
  return energy_report(units, price_memory(table, run.memory, run.dram), run.cycles, clock_mhz);
}

}  // namespace hdp::layer
