// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hdp {

/// Closes the gaps of a line: what is valid moves to the front, in its order, the rest follows as
/// zeros. As in the RTL of SpAtten's authors: the count of gaps before each element, then one layer
/// of shifters for each of its bits, layer i shifting by 2^i.
struct CompactLine {
  std::vector<std::int64_t> values;
  std::int64_t count = 0;   ///< Valid elements.
  std::int64_t layers = 0;  ///< Of shifters: cycles from end to end.
};

/// `values` and `valid` are equally long.
CompactLine eliminate_zeros(std::span<const std::int64_t> values, const std::vector<bool>& valid);

/// Layers of shifters of a line of `width` elements: the binary logarithm, rounded up.
std::int64_t zero_eliminator_layers(std::int64_t width);

}  // namespace hdp
