// SPDX-License-Identifier: Apache-2.0
#include "index_rom.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <hdp/base/java_random.hpp>

namespace hdp::spatten_rtl {

IndexRom::IndexRom(std::int64_t rows, std::int64_t lanes, std::int64_t indexes)
    : lanes_(static_cast<std::size_t>(lanes)) {
  JavaRandom random(1);
  std::vector<std::int32_t> deck(2 * lanes_);
  indexes_.reserve(static_cast<std::size_t>(rows) * lanes_);
  for (std::int64_t row = 0; row < rows; ++row) {
    std::iota(deck.begin(), deck.end(), 0);
    for (std::size_t n = deck.size(); n > 1; --n) {
      std::swap(deck[n - 1],
                deck[static_cast<std::size_t>(random.next_int(static_cast<std::int32_t>(n)))]);
    }
    const auto drawn = static_cast<std::ptrdiff_t>(lanes_);
    std::sort(deck.begin(), deck.begin() + drawn);
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      indexes_.push_back(static_cast<std::int32_t>((deck[lane] + row * lanes) % indexes));
    }
  }
}

}  // namespace hdp::spatten_rtl
