// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "plain_parts.hpp"

namespace hdp::test::plain {

/// java.util.Random, as its documentation defines it.
class JavaRandom {
 public:
  int next_int() { return static_cast<int>(static_cast<std::uint32_t>(next(32))); }
  int next_int(int bound) {
    if (std::has_single_bit(static_cast<unsigned>(bound))) {
      return static_cast<int>((bound * next(31)) >> 31);
    }
    for (;;) {
      const std::int64_t bits = next(31);
      const std::int64_t value = bits % bound;
      if (bits - value + (bound - 1) <= INT32_MAX) return static_cast<int>(value);
    }
  }

 private:
  std::int64_t next(int bits) {
    state_ = (state_ * 0x5DEECE66DULL + 0xB) & ((1ULL << 48) - 1);
    return static_cast<std::int64_t>(state_ >> (48 - bits));
  }
  std::uint64_t state_ = 1 ^ 0x5DEECE66DULL;  // seed 1
};

using IndexRom = std::vector<std::vector<int>>;

/// Row i: CH of the indexes i CH .. i CH + 2 CH - 1, sorted (B3).
inline IndexRom index_rom(int rows, int lanes, int max_keys) {
  JavaRandom random;
  IndexRom rom;
  for (int row = 0; row < rows; ++row) {
    std::vector<int> indexes(static_cast<std::size_t>(2 * lanes));
    std::iota(indexes.begin(), indexes.end(), 0);
    for (int n = 2 * lanes; n > 1; --n) {
      std::swap(at(indexes, n - 1), at(indexes, random.next_int(n)));
    }
    indexes.resize(static_cast<std::size_t>(lanes));
    std::sort(indexes.begin(), indexes.end());
    for (int& index : indexes) index = (index + row * lanes) % max_keys;
    rom.push_back(indexes);
  }
  return rom;
}

/// Quick-select with a random pivot, as the artefact's latency model plays it (section E).
inline int top_k_latency(JavaRandom& random, int size, int target, int parallelism) {
  std::vector<int> live(static_cast<std::size_t>(size));
  for (int& x : live) x = random.next_int();
  int latency = 0;
  while (!live.empty()) {
    const int n = static_cast<int>(live.size());
    latency += divide_up(n, parallelism) + 3;
    const int pivot = at(live, random.next_int(n));
    const auto less = std::count_if(live.begin(), live.end(), [&](int x) { return x < pivot; });
    const auto up_to = less + std::count(live.begin(), live.end(), pivot);
    if (target < less) {
      std::erase_if(live, [&](int x) { return x >= pivot; });
    } else {
      if (target < up_to) break;
      std::erase_if(live, [&](int x) { return x <= pivot; });
      target -= static_cast<int>(up_to);
    }
  }
  return latency;
}

}  // namespace hdp::test::plain
