// SPDX-License-Identifier: Apache-2.0
#include "machine/scaled.hpp"

#include <hdp/machine/sta/kind.hpp>

namespace hdp {

/// Whole columns of PEs.
StaConfig scaled(StaConfig config, Resource resource, double amount) {
  if (resource != Resource::Multipliers) return with_bandwidth_or_clock(config, resource, amount);
  const auto column = static_cast<double>(config.array.rows * config.array.depth);
  config.array.columns = std::clamp<std::int64_t>(std::llround(amount / column), 1, 1024);
  return config;
}

}  // namespace hdp
