// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <hdp/base/int128.hpp>

namespace hdp {

/// Sums of integers and of their squares.
struct ExactSums {
  Int128 sum = 0, squares = 0;
  void add(std::int64_t value) {
    sum += value;
    squares += Int128{value} * value;
  }
};

}  // namespace hdp
