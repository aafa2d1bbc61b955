// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <hdp/machine/result.hpp>
#include <hdp/memory/memory.hpp>

namespace hdp {

/// Scales what any machine with a memory and a clock of its own has alike; its multipliers stay.
template <class Config>
Config with_bandwidth_or_clock(Config config, Resource resource, double amount) {
  if (resource == Resource::Bandwidth) config.memory = with_peak(config.memory, amount);
  if (resource == Resource::Clock)
    config.clock_mhz = std::max<std::int64_t>(1, std::llround(amount));
  return config;
}

}  // namespace hdp
