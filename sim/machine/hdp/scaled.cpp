// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <hdp/machine/hdp/kind.hpp>

namespace hdp {

/// More multipliers are more cores.
HdpConfig scaled(HdpConfig config, Resource resource, double amount) {
  const PeArrayConfig& array = config.core.pe_array;
  switch (resource) {
    case Resource::Multipliers:
      config.cores = std::clamp<std::int64_t>(
          std::llround(amount / static_cast<double>(array.rows * array.columns)), 1, 1024);
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
