// SPDX-License-Identifier: Apache-2.0
#include "machine/scaled.hpp"

#include <hdp/machine/leopard/kind.hpp>

namespace hdp {

/// Whole dot-product units; the value unit stays.
LeopardConfig scaled(LeopardConfig config, Resource resource, double amount) {
  if (resource != Resource::Multipliers) return with_bandwidth_or_clock(config, resource, amount);
  const auto taps = static_cast<double>(config.dot_product.taps);
  const auto values = static_cast<double>(config.value.macs);
  config.dot_product.units =
      std::clamp<std::int64_t>(std::llround((amount - values) / taps), 1, 256);
  return config;
}

}  // namespace hdp
