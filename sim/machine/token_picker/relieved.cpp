// SPDX-License-Identifier: Apache-2.0
#include "machine/relieve.hpp"
#include <hdp/machine/token_picker/kind.hpp>

namespace hdp {
namespace {

bool relieve(Relief relief, TokenPickerConfig& config) {
  constexpr std::int64_t kMostLanes = 256, kMostWord = 65'536, kMostEntries = 65'536,
                         kMostBytes = 1'000'000'000, kMostSlices = 16;
  switch (relief) {
    case Relief::Multipliers: {
      const bool lanes = twice(config.lane.lanes, kMostLanes);
      return half(config.lane.latency_cycles, 1) || lanes;
    }
    case Relief::SramPorts:
      return twice(config.kv_buffer.word_bits, kMostWord);
    case Relief::Probability:
      return config.prune.estimation && relieve(config.probability);
    case Relief::Scoreboard:
      return twice(config.scoreboard_entries, kMostEntries);
    case Relief::KvBuffer:
      return twice(config.kv_buffer.bytes, kMostBytes);
    case Relief::SlicesInFlight: {
      // Their scores need room.
      const bool scores = twice(config.score_buffer_bytes, kMostBytes);
      return twice(config.slices_in_flight, kMostSlices) || scores;
    }
    case Relief::VectorLanes:
      return relieve_vector_unit(config.layer);
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
