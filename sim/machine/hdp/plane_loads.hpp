// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "machine/hdp/strips.hpp"
#include <hdp/machine/hdp/head_work.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp {

/// What the first product of a head reads: a plane, or whole words, of Q and K.
struct PlaneSource {
  Tensor q = Tensor::QInt, k = Tensor::KInt;
  std::uint64_t q_start = 0, k_start = 0;  ///< First row of the head.
  std::int64_t row_bytes = 0;
  bool resident = true;         ///< K stays once loaded; else every strip streams it again,
  std::int64_t tiles_held = 2;  ///< through room for so many tiles.
};

/// Loads of the first product: strips of Q, double-buffered, and tiles of K, each where it is first
/// needed. work.strips must be there; their query_loads and resident_tiles are set.
void add_plane_loads(const PlaneSource& source, const Problem& problem, std::int64_t array_rows,
                     std::int64_t array_columns, HeadWork& work);

}  // namespace hdp
