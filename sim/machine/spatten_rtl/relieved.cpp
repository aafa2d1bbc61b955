// SPDX-License-Identifier: Apache-2.0
#include "machine/relieve.hpp"
#include <hdp/machine/spatten_rtl/kind.hpp>

namespace hdp {

/// The latencies of the RTL are what they are.
std::optional<SpattenRtlConfig> relieved(SpattenRtlConfig config, Relief relief) {
  constexpr std::int64_t kMostMultipliers = 2048, kMostComparators = 4096;
  switch (relief) {
    case Relief::Multipliers:
      if (!twice(config.multipliers, kMostMultipliers)) return std::nullopt;
      return config;
    case Relief::MemoryBandwidth:
      if (!half(config.bandwidth_downsample, 1)) return std::nullopt;
      return config;
    case Relief::TopK:
      if (!twice(config.top_k_parallelism, kMostComparators)) return std::nullopt;
      return config;
    default:
      return std::nullopt;
  }
}

}  // namespace hdp
