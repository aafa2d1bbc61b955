// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <hdp/numeric/error_measure.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// Counts that add up over heads and layers.
struct CodeAttentionCounts {
  std::int64_t pairs = 0;  ///< Allowed (query, key) pairs: all are computed.
  std::int64_t q_saturated = 0, k_saturated = 0, v_saturated = 0;
  void add(const CodeAttentionCounts& other);
};

/// One query head of a layer.
struct CodeAttentionHead {
  std::int64_t head = 0;
  CodeAttentionCounts counts;
  ErrorMeasure error{};  ///< Beside dense attention in double.
};

/// Dense attention of a trace in integers (docs/sta.md): Q, K and V as codes of `bits` bits with a
/// scale a head; exponentials of a row as codes, of which the largest is 2^(bits-1) - 1, and the
/// row divided by their sum at its end. By layer and query head, in parallel on `threads` threads;
/// the result does not depend on their number.
std::vector<std::vector<CodeAttentionHead>> attend_in_codes(const Trace& trace, std::int64_t bits,
                                                            unsigned threads);

}  // namespace hdp
