// SPDX-License-Identifier: Apache-2.0
#include "machine/relieve.hpp"
#include <hdp/machine/spatten/kind.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kMostMultipliers = 65'536, kMostLines = 64, kMostRows = 4096;

bool relieve_converter(SpattenConfig& config) {
  const bool wider = twice(config.converter_lines, kMostLines);
  return half(config.converter_latency_cycles, 1) || wider;
}

bool relieve_top_k(SpattenConfig& config) {
  const bool wider = twice(config.top_k_read_width, kMostRows);
  return relieve(config.top_k) || wider;
}

bool relieve(Relief relief, SpattenConfig& config) {
  switch (relief) {
    case Relief::Multipliers:
      return twice(config.multipliers, kMostMultipliers);
    case Relief::TopK:
      return relieve_top_k(config);
    case Relief::Converter:
      return relieve_converter(config);
    case Relief::SoftmaxLatency: {
      const bool decides = half(config.decision_latency_cycles, 0);
      return half(config.softmax.latency_cycles, 1) || decides;
    }
    case Relief::VectorLanes:
      return relieve_vector_unit(config.layer);
    default:
      return relieve(relief, config.memory, config.fetch, config.softmax);
  }
}

}  // namespace

std::optional<SpattenConfig> relieved(SpattenConfig config, Relief relief) {
  if (!relieve(relief, config)) return std::nullopt;
  return config;
}

}  // namespace hdp
