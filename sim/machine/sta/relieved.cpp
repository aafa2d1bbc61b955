// SPDX-License-Identifier: Apache-2.0
#include "machine/relieve.hpp"
#include <hdp/machine/sta/kind.hpp>

namespace hdp {
namespace {

bool relieve(Relief relief, StaConfig& config) {
  constexpr std::int64_t kMostPes = 1024, kMostBytes = 1'000'000'000;
  switch (relief) {
    case Relief::Multipliers: {
      const bool columns = twice(config.array.columns, kMostPes);
      return half(config.array.latency_cycles, 1) || columns;
    }
    case Relief::MultiplierRows: {
      // Twice the queries of a strip need twice the room.
      const bool rows = twice(config.array.rows, kMostPes);
      twice(config.score_buffer_bytes, kMostBytes);
      return rows;
    }
    case Relief::VectorLanes:
      return relieve_vector_unit(config.layer);
    default:
      return relieve(relief, config.memory, config.layer.fetch, config.softmax);
  }
}

}  // namespace

std::optional<StaConfig> relieved(StaConfig config, Relief relief) {
  if (!relieve(relief, config)) return std::nullopt;
  return config;
}

}  // namespace hdp
