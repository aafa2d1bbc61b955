// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "machine/spatten_rtl/run_result.hpp"
#include <hdp/base/quantity.hpp>
#include <hdp/machine/spatten_rtl/kind.hpp>

namespace hdp {

/// Powers of two of multipliers and channels; the clock is that of the authors' bench.
SpattenRtlConfig scaled(SpattenRtlConfig config, Resource resource, double amount) {
  switch (resource) {
    case Resource::Multipliers:
      config.multipliers = std::clamp<std::int64_t>(nearest_power_of_two(amount / 2), 64, 2048);
      break;
    case Resource::Bandwidth: {
      const auto channels = static_cast<double>(config.channels());
      const double of_one = resources_of(config).peak_bytes_per_s / channels;
      config.bandwidth_downsample =
          16 / std::clamp<std::int64_t>(nearest_power_of_two(amount / of_one), 1, 16);
      break;
    }
    case Resource::Clock:
      break;
  }
  return config;
}

}  // namespace hdp
