// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hdp {

/// The k candidates with the largest value, ties to the lower index, in their original order.
/// `values` is indexed by candidate; candidates ascend; 0 <= k <= their number. `kept` is
/// overwritten.
void top_k(std::span<const std::int64_t> values, std::span<const std::int32_t> candidates,
           std::int64_t k, std::vector<std::int32_t>& kept);

}  // namespace hdp
