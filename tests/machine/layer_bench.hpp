// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <hdp/machine/layer/play.hpp>

namespace hdp::test {

constexpr std::int64_t kLayerClock = 200;

/// A memory that only costs its latency.
inline MemoryConfig unloaded_memory(std::int64_t latency = 10) {
  MemoryConfig memory;
  memory.bandwidth_mb_per_s = 1'000'000'000;
  memory.latency_cycles = latency;
  return memory;
}

inline LayerConfig sparse_layer(std::int64_t kept = 2, std::int64_t of = 8) {
  LayerConfig config;
  config.kept = kept;
  config.of = of;
  return config;
}

inline LayerStep product(std::int64_t rows, std::int64_t columns, std::int64_t depth) {
  return MatrixJob{.phase = "product", .rows = rows, .columns = columns, .depth = depth};
}

inline LayerResult play_steps(const LayerConfig& config, const MatrixArray& array,
                              const std::vector<LayerStep>& steps,
                              const MemoryConfig& memory = unloaded_memory(),
                              const PlayOptions& options = {}) {
  return play_layer(config, array, memory, kLayerClock, EnergyTable{}, steps, options);
}

/// Cycles in which the array works.
inline std::int64_t busy(const LayerResult& run) {
  for (const UnitReport& unit : run.units)
    if (unit.kind == "matrix_engine") return unit.busy;
  return 0;
}

inline std::int64_t bytes_of(const TensorBytes& bytes, Tensor tensor) {
  return bytes[static_cast<std::size_t>(tensor)];
}

}  // namespace hdp::test
