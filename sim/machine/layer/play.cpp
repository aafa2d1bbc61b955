// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "machine/layer/lowering.hpp"
#include "machine/layer/player.hpp"
#include "machine/layer/price.hpp"
#include <hdp/machine/layer/play.hpp>

namespace hdp {
namespace {

std::int64_t bytes_of(const TensorBytes& bytes, Tensor tensor) {
  return bytes[static_cast<std::size_t>(tensor)];
}

}  // namespace

void LayerTotals::add(const LayerTotals& other) {
  products += other.products;
  sparse_products += other.sparse_products;
  vector_operations += other.vector_operations;
  weight_bits += other.weight_bits;
  input_bits += other.input_bits;
  output_bits += other.output_bits;
}

std::int64_t layer_sram_bytes(const LayerConfig& config) {
  return config.input_buffer_bytes + config.weight_buffer_bytes + config.output_buffer_bytes;
}

LayerResult play_layer(const LayerConfig& config, const MatrixArray& array,
                       const MemoryConfig& memory, std::int64_t clock_mhz,
                       const EnergyTable& energy, std::span<const LayerStep> steps,
                       const PlayOptions& options) {
  validate(config, "/layer");
  layer::Lowering lowering(config, array);
  for (const LayerStep& step : steps) std::visit([&](const auto& job) { lowering.add(job); }, step);

  layer::Player player(config, array, std::nullopt, memory, clock_mhz, options);
  player.begin(lowering.program());
  player.run_until(kNever);

  LayerResult result;
  for (std::size_t s = 0; s < steps.size(); ++s) {
    const PhaseRecord& record = player.records()[s];
    const bool happened = record.happened();
    result.phases.push_back({lowering.program().phases[s], happened ? record.start.index : 0,
                             happened ? record.end.index : 0});
  }
  layer::Played played = player.result();
  result.cycles = played.cycles;
  result.units = std::move(played.units);
  result.critical_path = std::move(played.critical_path);
  result.read_bytes = played.read_bytes;
  result.written_bytes = played.written_bytes;
  result.memory = played.memory;
  result.dram = std::move(played.dram);
  result.macs = lowering.macs();
  result.totals = lowering.totals();
  HDP_CHECK(bytes_of(result.read_bytes, Tensor::Weights) == lowering.weight_bytes(),
            "weights are read as the closed formula says");
  HDP_CHECK(bytes_of(result.read_bytes, Tensor::Activations) == lowering.input_bytes(),
            "inputs are read as the closed formula says");
  result.energy = layer::price(config, array, energy, result, clock_mhz);
  result.sram_bytes = layer_sram_bytes(config);
  return result;
}

}  // namespace hdp
