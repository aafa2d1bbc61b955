// SPDX-License-Identifier: Apache-2.0
// Shares, one a layer, as a setting writes them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace hdp::detail {

/// A share in millionths, 0 to 1,000,000: integers decide how many are kept.
using Share = std::int64_t;
inline constexpr Share kWhole = 1'000'000;

/// One share a layer from a text of entries between commas: "0.9" is one layer, "0.2x4" four
/// layers, "0.9..0.3x10" ten layers from 0.9 to 0.3 in equal steps; one share alone stands for all
/// layers. Shares have at most six decimals. UserError where something else stands, or where the
/// entries are not as many as the layers.
std::vector<Share> shares_of(std::string_view text, std::int64_t layers);

/// floor(share * count).
constexpr std::int64_t part_of(std::int64_t count, Share share) { return count * share / kWhole; }

}  // namespace hdp::detail
