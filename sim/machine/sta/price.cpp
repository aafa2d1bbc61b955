// SPDX-License-Identifier: Apache-2.0
#include "machine/sta/price.hpp"

#include <algorithm>
#include <utility>

#include "machine/layer/price.hpp"
#include "machine/prices.hpp"
#include "machine/sta/lowering.hpp"

namespace hdp::sta {
namespace {

/// The engine with all of its area: what attention does is dense, the selectors are there.
PricedUnit engine(const Prices& prices, const StaConfig& config, const LayerTotals& totals) {
  const MatrixArray array = matrix_array(config);
  LayerConfig codes = config.layer;  // both operands are activations
  codes.weight_bits = codes.activation_bits;
  PricedUnit unit = layer::products(prices, codes, array, totals);
  const auto activation = static_cast<double>(config.layer.activation_bits);
  const auto widest =
      static_cast<double>(std::max(config.layer.weight_bits, config.layer.activation_bits));
  const auto all = static_cast<double>(array.multipliers());
  const auto accumulators = static_cast<double>(2 * array.rows * array.columns);
  std::vector<CostItem> area{
      {"multipliers", all * prices.multiply_area(widest, activation)},
      {"adders", all * prices.add_area(kScoreAccumulatorBits)},
      {"accumulators", accumulators * prices.store_area(kScoreAccumulatorBits)}};
  for (CostItem& item : unit.area_um2) area.push_back(std::move(item));
  return logic(prices, std::move(unit.instance), std::move(unit.energy_pj), std::move(area));
}

BufferUse score_buffer(const StaConfig& config, const StaTotals& totals) {
  return {.instance = "score_buffer",
          .sram = {.bytes = config.score_buffer_bytes,
                   .banks = config.softmax.lanes,
                   .word_bits = kScoreBits,
                   .ports = SramPorts::OneReadOneWrite},
          .reads = ceil_div(totals.score_bits_read, kScoreBits),
          .writes = ceil_div(totals.score_bits_written, kScoreBits)};
}

std::int64_t bytes_of(const TensorBytes& bytes, Tensor tensor) {
  return bytes[static_cast<std::size_t>(tensor)];
}

}  // namespace

EnergyReport price(const StaConfig& config, const StaTotals& totals, const MemoryStats& memory,
                   std::int64_t cycles, const std::optional<DramUse>& dram) {
  const Prices prices(config.energy);
  std::vector<PricedUnit> units{
      engine(prices, config, totals.engine),
      priced_softmax(prices, "softmax", totals.softmax_entries, config.softmax.lanes),
      layer::vector_unit(prices, config.layer, totals.engine.vector_operations),
      priced(prices, score_buffer(config, totals))};
  const std::int64_t stored =
      bytes_of(totals.read_bytes, Tensor::K) + bytes_of(totals.read_bytes, Tensor::V);
  for (const BufferUse& use : layer::buffers(config.layer, matrix_array(config), totals.engine,
                                             stored, bytes_of(totals.read_bytes, Tensor::Q)))
    units.push_back(priced(prices, use));
  return energy_report(units, price_memory(config.energy, memory, dram), cycles, config.clock_mhz);
}

std::int64_t sram_bytes(const StaConfig& config) {
  return layer_sram_bytes(config.layer) + config.score_buffer_bytes;
}

}  // namespace hdp::sta
