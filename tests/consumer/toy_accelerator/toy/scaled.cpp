// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "toy/kind.hpp"

namespace toy {

/// The buffer grows to whole transfers.
ToyConfig scaled(ToyConfig config, hdp::Resource resource, double amount) {
  const auto nearest = [](double value, std::int64_t most) {
    return std::clamp<std::int64_t>(std::llround(value), 1, most);
  };
  switch (resource) {
    case hdp::Resource::Multipliers:
      config.multipliers = nearest(amount, 65'536);
      break;
    case hdp::Resource::Bandwidth:
      config.bytes_per_cycle = nearest(amount / 1e6 / static_cast<double>(config.clock_mhz), 4096);
      config.buffer_bytes =
          hdp::ceil_div(config.buffer_bytes, config.bytes_per_cycle) * config.bytes_per_cycle;
      break;
    case hdp::Resource::Clock:
      config.clock_mhz = nearest(amount, 10'000);
      break;
  }
  return config;
}

}  // namespace toy
