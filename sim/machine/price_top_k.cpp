// SPDX-License-Identifier: Apache-2.0
#include "machine/price_top_k.hpp"

#include <cmath>

namespace hdp {
namespace {

constexpr std::int64_t kEntryBits = 44;  // a value of 32 bits and its place
constexpr std::int64_t kSides = 2;       // of the pivot
constexpr std::int64_t kHalves = 2;      // of a FIFO: one is filled, one read

}  // namespace

BufferUse TopKUse::fifos() const {
  return {.instance = instance + "_fifo",
          .sram = {.bytes = ceil_div(kHalves * entries * kEntryBits, 8),
                   .banks = 1,
                   .word_bits = values_a_cycle * kEntryBits,
                   .ports = SramPorts::OneReadOneWrite},
          .reads = cycles,
          .writes = cycles,
          .instances = kSides * engines};
}

std::vector<PricedUnit> priced_top_k(const Prices& prices, const TopKUse& use) {
  const auto lanes = static_cast<double>(kSides * use.values_a_cycle);
  const double shifted = lanes * static_cast<double>(kEntryBits) *
                         std::ceil(std::log2(static_cast<double>(use.values_a_cycle)));
  const auto worked = static_cast<double>(use.cycles), engines = static_cast<double>(use.engines);
  return {logic(prices, use.instance,
                {{"compare", worked * lanes * prices.compare(kThresholdBits)},
                 {"eliminate_zeros", worked * prices.mux(shifted)}},
                {{"comparators", engines * lanes * prices.compare_area(kThresholdBits)},
                 {"zero_eliminators", engines * prices.mux_area(shifted)}}),
          priced(prices, use.fifos())};
}

}  // namespace hdp
