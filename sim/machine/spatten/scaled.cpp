// SPDX-License-Identifier: Apache-2.0
#include "machine/scaled.hpp"

#include <hdp/machine/spatten/kind.hpp>

namespace hdp {

/// Half of the multipliers are QK's, half PV's.
SpattenConfig scaled(SpattenConfig config, Resource resource, double amount) {
  if (resource != Resource::Multipliers) return with_bandwidth_or_clock(config, resource, amount);
  config.multipliers = std::clamp<std::int64_t>(std::llround(amount / 2), 1, 65'536);
  return config;
}

}  // namespace hdp
