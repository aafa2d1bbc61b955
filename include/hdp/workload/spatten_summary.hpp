// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include <hdp/workload/spatten_workload.hpp>

namespace hdp {

/// A number over some rows.
struct RowCount {
  std::int64_t sum = 0;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t most = 0;
  void add(std::int64_t value);
  friend bool operator==(const RowCount&, const RowCount&) = default;
};

/// Some of the rows of a workload, counted.
struct RowSummary {
  std::int64_t rows = 0;
  std::int64_t heads = 0;        ///< Most rows of one iteration and layer.
  RowCount tokens;               ///< sentence_length_L.
  RowCount keys, values;         ///< Vectors to fetch.
  std::int64_t requantised = 0;  ///< Rows whose if_requant is True.
  std::int64_t top_k = 0;        ///< Rows behind which tokens are ranked.
  friend bool operator==(const RowSummary&, const RowSummary&) = default;
};

/// Bits of the rows; -1 names none.
struct RowBits {
  std::int64_t key = -1, value = -1, query = -1;
  std::int64_t rows = 0;
};

struct SpattenSummary {
  std::int64_t iterations = 0;  ///< Different ones.
  RowSummary all;
  struct Layer : RowSummary {
    std::int64_t layer = 0;
  };
  std::vector<Layer> layers;  ///< By number.
  std::vector<RowBits> bits;  ///< In the order in which they first appear.
};

SpattenSummary summarise(const SpattenWorkload& workload);

}  // namespace hdp
