// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <hdp/numeric/bit_matrix.hpp>
#include <hdp/numeric/matrix.hpp>
#include <hdp/workload/weights.hpp>

namespace hdp {

/// Of every m consecutive weights along an axis the n largest stay (docs/sta.md).
struct NmSettings {
  std::int64_t n = 2, m = 4;  ///< 1 <= n <= m.
  std::int64_t bits = 8;      ///< Of a stored value.
  std::int64_t axis = 0;      ///< The reduction dimension: 0 goes down the columns, 1 along rows.
};

/// Counts that add up over matrices.
struct NmCounts {
  std::int64_t groups = 0;      ///< The last one of a column or row may be short,
  std::int64_t kept = 0;        ///< and keeps no more than it has.
  std::int64_t total = 0;       ///< Weights.
  std::int64_t bits = 0;        ///< Stored: n values and a map of m bits a group, padded.
  std::int64_t dense_bits = 0;  ///< Of all weights as they are.

  void add(const NmCounts& other);
};

/// One matrix.
struct NmMatrix {
  std::string name;
  std::vector<std::int64_t> shape;
  std::string mask_sha256;  ///< Of the kept weights, row by row whatever the axis.
  NmCounts counts;
};

struct NmDecisions {
  NmCounts total;
  std::vector<NmMatrix> matrices;  ///< In the order of their names.
};

/// The weights that stay: of each group the n largest |w|, ties to the lower index.
BitMatrix nm_mask(MatrixView<const double> weights, const NmSettings& settings);

/// What a matrix of that shape stores.
NmCounts nm_counts(std::int64_t rows, std::int64_t columns, const NmSettings& settings);

/// Matrices in parallel on `threads` threads; the result does not depend on their number.
NmDecisions decide_nm(const Weights& weights, const NmSettings& settings, unsigned threads);

}  // namespace hdp
