// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "machine/prices.hpp"

namespace hdp {

/// Entries of a FIFO where the machine does not say how many values it ranks: the most keys of the
/// authors' RTL.
inline constexpr std::int64_t kTopKEntries = 2048;

/// Top-k engines that work side by side: comparators and zero eliminators of either side of the
/// pivot, and the FIFOs of both sides (energy.md).
struct TopKUse {
  std::string instance = "top_k";
  std::int64_t values_a_cycle = 1;
  std::int64_t cycles = 0;  ///< Of work, of all engines.
  std::int64_t entries = kTopKEntries;
  std::int64_t engines = 1;

  [[nodiscard]] BufferUse fifos() const;
};

std::vector<PricedUnit> priced_top_k(const Prices& prices, const TopKUse& use);

}  // namespace hdp
