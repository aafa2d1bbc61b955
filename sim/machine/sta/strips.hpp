// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <hdp/machine/sta/config.hpp>
#include <hdp/prune/problem.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp::sta {

/// A query of a query head.
struct Row {
  std::int64_t head = 0, query = 0;
  std::int64_t visible = 0;  ///< Keys that it sees.
};

/// Query heads that share K and V, in one problem: all of their rows meet the same keys.
struct Group {
  std::int64_t sequence = 0, layer = 0, problem = 0;
  std::int64_t stored_head = 0, first_head = 0, heads = 1;
  std::int64_t keys = 0;
  LayerShape shape{};
  bool appends = false;  ///< Writes the newest row of K and V.
  std::vector<Row> rows{};
  std::int64_t strip_rows = 1;  ///< Rows that the array takes at a time.

  [[nodiscard]] std::int64_t strips() const;
  [[nodiscard]] std::span<const Row> strip(std::int64_t number) const;
};

/// What the machine plays between two barriers: a layer of all sequences, in one step.
using Round = std::vector<Group>;

/// How many rounds a run has.
std::int64_t rounds_of(std::span<const Trace> sequences);
/// Round `number`: layer by layer, of a decode step by step. UserError where a row of scores does
/// not fit the buffer.
Round round_of(const StaConfig& config, std::span<const Trace> sequences, std::int64_t number);

}  // namespace hdp::sta
