// SPDX-License-Identifier: Apache-2.0
#include "machine/relieve.hpp"
#include <hdp/machine/token_picker/kind.hpp>

namespace hdp {
namespace {

bool relieve(Relief relief, TokenPickerConfig& config) {
  constexpr std::int64_t kMostLanes = 256, kMostTests = 1024, kMostWord = 65'536;
  switch (relief) {
    case Relief::Multipliers: {
      const bool lanes = twice(config.lane.lanes, kMostLanes);
      return half(config.lane.latency_cycles, 1) || lanes;
    }
    case Relief::SramPorts:
      return twice(config.kv_buffer.word_bits, kMostWord);
    case Relief::Decision: {
      const bool wider =
          config.prune.estimation && twice(config.probability.tests_per_cycle, kMostTests);
      return half(config.probability.latency_cycles, 1) || wider;
    }
    default:
      return relieve(relief, config.memory, config.fetch, config.softmax);
  }
}

}  // namespace

std::optional<TokenPickerConfig> relieved(TokenPickerConfig config, Relief relief) {
  if (!relieve(relief, config)) return std::nullopt;
  return config;
}

}  // namespace hdp
