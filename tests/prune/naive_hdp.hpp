// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <hdp/base/int128.hpp>
#include <hdp/prune/hdp_settings.hpp>

namespace hdp::test {

template <class T>
using Rows = std::vector<std::vector<T>>;

/// Q, K and V of one head of one problem: the queries, and the keys that exist so far.
struct NaiveInput {
  Rows<double> q, k, v;
  bool causal = false;
};

/// All that HDP decides and computes for it.
struct NaiveResult {
  Rows<std::int64_t> theta;  ///< 0 where no block exists.
  Rows<bool> kept;           ///< Blocks.
  std::vector<std::int64_t> theta_rows;
  std::int64_t entries = 0, theta_head = 0;
  std::optional<std::int64_t> head_limit;
  bool head_kept = true;
  std::int64_t existing = 0, pruned = 0, kept_entries = 0, empty_rows = 0;
  Int128 s_int_sum = 0, s_int_sum_squares = 0;
  Rows<std::int32_t> keys;    ///< Kept entries by query; none for a pruned head.
  Rows<std::int64_t> scores;  ///< Of those keys.
  Rows<double> out;
};

/// The definition of HDP written down as loops, in wide arithmetic and without any shortcut.
/// `settings.fraction_bits` must be a number.
NaiveResult naive_hdp(const NaiveInput& input, const HdpSettings& settings);

}  // namespace hdp::test
