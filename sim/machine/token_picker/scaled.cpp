// SPDX-License-Identifier: Apache-2.0
#include "machine/scaled.hpp"

#include <hdp/machine/token_picker/kind.hpp>

namespace hdp {

/// Whole lanes.
TokenPickerConfig scaled(TokenPickerConfig config, Resource resource, double amount) {
  if (resource != Resource::Multipliers) return with_bandwidth_or_clock(config, resource, amount);
  const auto lane = static_cast<double>(config.lane.dimensions);
  config.lane.lanes = std::clamp<std::int64_t>(std::llround(amount / lane), 1, 256);
  return config;
}

}  // namespace hdp
