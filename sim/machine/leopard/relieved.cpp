// SPDX-License-Identifier: Apache-2.0
#include "machine/relieve.hpp"
#include <hdp/machine/leopard/kind.hpp>

namespace hdp {
namespace {

bool relieve(Relief relief, LeopardConfig& config) {
  constexpr std::int64_t kMostUnits = 256, kMostLanes = 256, kMostEntries = 65'536,
                         kMostBytes = 1'000'000'000;
  SoftmaxConfig none;
  switch (relief) {
    case Relief::Multipliers:
      return twice(config.dot_product.units, kMostUnits);
    case Relief::ValueUnit: {
      bool changed = twice(config.value.lanes, kMostLanes);
      changed |= half(config.value.exponential_cycles, 1);
      changed |= half(config.value.divide_cycles, 1);
      return changed;
    }
    case Relief::ScoreFifo:
      return twice(config.score_fifo_entries, kMostEntries);
    case Relief::KvBuffer: {
      const bool values = twice(config.value_buffer_bytes, kMostBytes);
      return twice(config.key_buffer_bytes, kMostBytes) || values;
    }
    case Relief::RowBuffer:
      return twice(config.row_buffer_bytes, kMostBytes);
    case Relief::SoftmaxLanes:
    case Relief::SoftmaxLatency:
      return false;  // the value unit's
    case Relief::VectorLanes:
      return relieve_vector_unit(config.layer);
    default:
      return relieve(relief, config.memory, config.fetch, none);
  }
}

}  // namespace

std::optional<LeopardConfig> relieved(LeopardConfig config, Relief relief) {
  if (!relieve(relief, config)) return std::nullopt;
  return config;
}

}  // namespace hdp
