// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <hdp/report/top_k_report.hpp>

namespace hdp {

/// The top-k engine on random values, so many times, beside a sorting network with as many
/// comparators. UserError unless 1 <= k <= size <= 2^20 and 1 <= samples <= 10^6.
TopKReport study_top_k(const TopKEngineConfig& config, std::int64_t size, std::int64_t k,
                       std::int64_t samples);

}  // namespace hdp
