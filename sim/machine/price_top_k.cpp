// SPDX-License-Identifier: Apache-2.0
#include "machine/price_top_k.hpp"

#include <cmath>

namespace hdp {
namespace {

constexpr std::int64_t kEntries = 2048;  // of a FIFO: the most keys of the authors' RTL
constexpr std::int64_t kEntryBits = 44;  // a value of 32 bits and its place
constexpr std::int64_t kSides = 2;       // of the pivot
constexpr std::int64_t kHalves = 2;      // of a FIFO: one is filled, one read

}  // namespace

std::vector<PricedUnit> priced_top_k(const Prices& prices, std::int64_t values_a_cycle,
                                     std::int64_t cycles) {
  const auto lanes = static_cast<double>(kSides * values_a_cycle);
  const double shifted = lanes * static_cast<double>(kEntryBits) *
                         std::ceil(std::log2(static_cast<double>(values_a_cycle)));
  const auto worked = static_cast<double>(cycles);
  const BufferUse fifos{.instance = "top_k_fifo",
                        .sram = {.bytes = kHalves * kEntries * kEntryBits / 8,
                                 .banks = 1,
                                 .word_bits = values_a_cycle * kEntryBits,
                                 .ports = SramPorts::OneReadOneWrite},
                        .reads = cycles,
                        .writes = cycles,
                        .instances = kSides};
  return {logic(prices, "top_k",
                {{"compare", worked * lanes * prices.compare(kThresholdBits)},
                 {"eliminate_zeros", worked * prices.mux(shifted)}},
                {{"comparators", lanes * prices.compare_area(kThresholdBits)},
                 {"zero_eliminators", prices.mux_area(shifted)}}),
          priced(prices, fifos)};
}

}  // namespace hdp
