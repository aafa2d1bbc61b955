// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/base/check.hpp>
#include <hdp/prune/top_k.hpp>

namespace hdp {

void top_k(std::span<const std::int64_t> values, std::span<const std::int32_t> candidates,
           std::int64_t k, std::vector<std::int32_t>& kept) {
  HDP_CHECK(k >= 0 && k <= std::ssize(candidates), "no more stay than there are");
  kept.assign(candidates.begin(), candidates.end());
  if (k < std::ssize(kept)) {
    const auto before = [&](std::int32_t a, std::int32_t b) {
      const std::int64_t x = values[static_cast<std::size_t>(a)];
      const std::int64_t y = values[static_cast<std::size_t>(b)];
      return x != y ? x > y : a < b;
    };
    std::nth_element(kept.begin(), kept.begin() + k, kept.end(), before);
    kept.resize(static_cast<std::size_t>(k));
    std::ranges::sort(kept);
  }
}

}  // namespace hdp
