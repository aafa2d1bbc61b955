// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <hdp/machine/token_picker/config.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp::token_picker {

/// Query heads that share K and V, for one query each: what the machine takes at a time.
struct Slice {
  std::int64_t sequence = 0, layer = 0, problem = 0;
  std::int64_t stored_head = 0;            ///< Whose K and V.
  std::int64_t first_head = 0, heads = 1;  ///< Query heads.
  std::int64_t query = 0;                  ///< Row of Q.
  std::int64_t tokens = 0;                 ///< That the query sees.
  bool appends = false;                    ///< Writes the newest row of K and V.

  static constexpr std::int64_t kScoreBytes = 4;
  /// A bit for each head.
  [[nodiscard]] std::uint32_t everyone() const {
    return static_cast<std::uint32_t>((std::uint64_t{1} << heads) - 1);
  }
  [[nodiscard]] std::int64_t score_bytes() const { return tokens * heads * kScoreBytes; }
};

/// The slices of traces that are played side by side, in order: of a decode step by step, of a
/// prefill head by head, query by query. UserError where a head does not fit a buffer.
std::vector<Slice> slices_of(const TokenPickerConfig& config, std::span<const Trace> sequences);

}  // namespace hdp::token_picker
