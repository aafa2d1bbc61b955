// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <hdp/base/java_random.hpp>

namespace hdp {

/// Cycles of a quick select, as the SpAtten authors' bench draws them: random values, random
/// pivots, and for each round the values over the comparators, rounded up, and three cycles. One
/// stream of random numbers runs through all calls.
class TopKLatency {
 public:
  /// Comparators of each of the two sides.
  explicit TopKLatency(std::int64_t parallelism, std::uint64_t seed = 1)
      : parallelism_(parallelism), random_(seed) {}

  /// Until the value of rank `target`, counted from 0 at the least, of `size` values is found.
  std::int64_t draw(std::int64_t size, std::int64_t target);

 private:
  std::int64_t parallelism_;
  JavaRandom random_;
  std::vector<std::int32_t> values_;
};

}  // namespace hdp
