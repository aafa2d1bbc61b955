// SPDX-License-Identifier: Apache-2.0
#include "machine/scaled.hpp"

#include <hdp/machine/hdp/kind.hpp>

namespace hdp {

/// More multipliers are more cores.
HdpConfig scaled(HdpConfig config, Resource resource, double amount) {
  if (resource != Resource::Multipliers) return with_bandwidth_or_clock(config, resource, amount);
  const PeArrayConfig& array = config.core.pe_array;
  config.cores = std::clamp<std::int64_t>(
      std::llround(amount / static_cast<double>(array.rows * array.columns)), 1, 1024);
  return config;
}

}  // namespace hdp
