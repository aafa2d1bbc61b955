// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "machine/prices.hpp"

namespace hdp {

/// A top-k engine that takes so many values a cycle, in `cycles` cycles of work: comparators and
/// zero eliminators of either side of the pivot, and the FIFOs of both sides (energy.md).
std::vector<PricedUnit> priced_top_k(const Prices& prices, std::int64_t values_a_cycle,
                                     std::int64_t cycles);

}  // namespace hdp
