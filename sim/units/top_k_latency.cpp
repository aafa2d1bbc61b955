// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/base/quantity.hpp>
#include <hdp/units/top_k_latency.hpp>

namespace hdp {

std::int64_t TopKLatency::draw(std::int64_t size, std::int64_t target) {
  constexpr std::int64_t kRound = 3;
  values_.resize(static_cast<std::size_t>(size));
  for (auto& value : values_) value = random_.next_int();
  std::int64_t cycles = 0;
  while (!values_.empty()) {
    const auto live = static_cast<std::int64_t>(values_.size());
    cycles += ceil_div(live, parallelism_) + kRound;
    const auto pivot =
        values_[static_cast<std::size_t>(random_.next_int(static_cast<std::int32_t>(live)))];
    const auto below = std::ranges::count_if(values_, [&](auto v) { return v < pivot; });
    const auto equal = std::ranges::count(values_, pivot);
    if (target < below) {
      std::erase_if(values_, [&](auto v) { return v >= pivot; });
    } else if (target < below + equal) {
      break;
    } else {
      std::erase_if(values_, [&](auto v) { return v <= pivot; });
      target -= below + equal;
    }
  }
  return cycles;
}

}  // namespace hdp
