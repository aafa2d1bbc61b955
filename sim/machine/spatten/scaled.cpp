// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <hdp/machine/spatten/kind.hpp>

namespace hdp {

/// Half of the multipliers are QK's, half PV's.
SpattenConfig scaled(SpattenConfig config, Resource resource, double amount) {
  switch (resource) {
    case Resource::Multipliers:
      config.multipliers = std::clamp<std::int64_t>(std::llround(amount / 2), 1, 65'536);
      break;
    case Resource::Bandwidth:
      config.memory = with_peak(config.memory, amount);
      break;
    case Resource::Clock:
      config.clock_mhz = std::max<std::int64_t>(1, std::llround(amount));
      break;
  }
  return config;
}

}  // namespace hdp
