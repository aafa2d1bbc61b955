// SPDX-License-Identifier: Apache-2.0
#include "machine/scaled.hpp"

#include <hdp/machine/leopard/kind.hpp>

namespace hdp {

/// Whole lanes of the value unit in proportion, and whole dot-product units for the rest.
LeopardConfig scaled(LeopardConfig config, Resource resource, double amount) {
  if (resource != Resource::Multipliers) return with_bandwidth_or_clock(config, resource, amount);
  const auto taps = static_cast<double>(config.dot_product.taps);
  const auto macs = static_cast<double>(config.value.macs);
  const auto lanes = static_cast<double>(config.value.lanes);
  const double had = static_cast<double>(config.dot_product.units) * taps + lanes * macs;
  const auto whole = [](double number) {
    return std::clamp<std::int64_t>(std::llround(number), 1, 256);
  };
  config.value.lanes = whole(lanes * amount / had);
  config.dot_product.units =
      whole((amount - static_cast<double>(config.value.lanes) * macs) / taps);
  return config;
}

}  // namespace hdp
