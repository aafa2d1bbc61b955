// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "stream.hpp"

namespace hdp::spatten_rtl {

/// The RTL's parameters, and what follows from them.
struct Shape {
  std::int32_t buffer_lines;   ///< Of K and of V, each of `multipliers` elements.
  std::int32_t softmax_units;  ///< Vectors a line holds.
  std::int32_t tree_levels;    ///< Binary logarithm of the former.
  std::int32_t channels;       ///< Of the memory.
  std::int32_t channel_bits;
  std::int32_t lanes;  ///< Of the fetcher.
  [[nodiscard]] std::int32_t fragments_per_row() const { return lanes / softmax_units; }
  [[nodiscard]] std::int32_t indexes() const { return softmax_units * buffer_lines; }
  /// The line of a number that may be up to once around the buffer too large.
  [[nodiscard]] std::int32_t line(std::int32_t number) const {
    return number < buffer_lines ? number : number - buffer_lines;
  }
  [[nodiscard]] Time ready() const {
    return 16 + buffer_lines / 2;
  }  // the buffers have been cleared

  // Realigner: lanes that an element holds, elements that a row brings and that two lines take.
  std::int32_t lanes_per_element;
  [[nodiscard]] std::int32_t push_elements() const { return lanes / lanes_per_element; }
  [[nodiscard]] std::int32_t pop_elements(std::int32_t bits) const {
    return bits * 2 * 64 * softmax_units / (256 * lanes_per_element);
  }
};

}  // namespace hdp::spatten_rtl
