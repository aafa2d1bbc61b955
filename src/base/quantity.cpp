// SPDX-License-Identifier: Apache-2.0
#include <hdp/base/quantity.hpp>

namespace hdp {

std::int64_t nearest_power_of_two(double value) {
  std::int64_t power = 1;
  // The geometric mean of p and 2p is where the nearer of them changes.
  while (power < (std::int64_t{1} << 40) &&
         2.0 * static_cast<double>(power) * static_cast<double>(power) <= value * value)
    power *= 2;
  return power;
}

}  // namespace hdp
