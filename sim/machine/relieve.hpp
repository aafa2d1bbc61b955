// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include <hdp/machine/layer/config.hpp>
#include <hdp/machine/relief.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/units/fetch_unit.hpp>
#include <hdp/units/probability_unit.hpp>
#include <hdp/units/softmax_unit.hpp>
#include <hdp/units/top_k_engine.hpp>

namespace hdp {

// Each doubles, or halves, and tells whether that changed anything.

/// At most `most`, of its range.
inline bool twice(std::int64_t& setting, std::int64_t most) {
  if (2 * setting > most || setting == 0) return false;
  setting *= 2;
  return true;
}
/// Rounded up, and at least `least`.
inline bool half(std::int64_t& setting, std::int64_t least) {
  const std::int64_t before = setting;
  setting = std::max(least, ceil_div(setting, 2));
  return setting != before;
}

/// Its lanes and its latency.
inline bool relieve_vector_unit(LayerConfig& layer) {
  constexpr std::int64_t kMostLanes = 4096;
  const bool lanes = twice(layer.vector_lanes, kMostLanes);
  return half(layer.vector_latency_cycles, 1) || lanes;
}
bool relieve(TopKEngineConfig& engine);
bool relieve(ProbabilityUnitConfig& unit);

/// What machines have alike. False for any other relief.
bool relieve(Relief relief, MemoryConfig& memory, FetchConfig& fetch, SoftmaxConfig& softmax);

}  // namespace hdp
