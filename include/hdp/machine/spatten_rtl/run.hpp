// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include <hdp/base/quantity.hpp>
#include <hdp/machine/spatten_rtl/config.hpp>
#include <hdp/workload/spatten_workload.hpp>

namespace hdp {

/// What became of a row, in cycles from time 0 of the RTL's bench: reset takes the first 16.
struct SpattenRtlRow {
  std::int64_t top_k_latency = 0;  ///< Cycles the quick select would take; drawn.
  bool requantised = false;
  /// Its last score leaves the re-quantisation decision; none where the run ended before.
  std::optional<Cycle> first_pass{};
  std::optional<Cycle> second_pass{};  ///< The same, of the second pass.
  Cycle response{};
};

struct SpattenRtlResult {
  SpattenRtlConfig config;
  std::vector<SpattenRtlRow> rows;
  Cycle cycles{};               ///< Of the last response: the figure of the authors' bench.
  std::int64_t dram_reads = 0;  ///< Accesses of 32 bytes that were answered.
  std::int64_t qk_lines = 0, pv_lines = 0;    ///< Cycles in which each array took a line.
  std::int64_t qk_passes = 0, pv_passes = 0;  ///< Rows it has taken; QK some of them twice.
};

/// Called now and then with the rows that have answered.
using SpattenRtlProgress = std::function<void(std::int64_t done, std::int64_t rows)>;

/// The authors' RTL, rule for rule, on the rows of a workload file: memory, crossbar, buffers, the
/// wait for top-k, and its oddities (docs/spatten_rtl.md). UserError for what the RTL refuses or
/// hangs on, with the number of the row, and for a list of rows to re-quantise that does not fit.
SpattenRtlResult run_spatten_rtl(const SpattenRtlConfig& config, std::span<const SpattenRow> rows,
                                 const SpattenRtlProgress& progress = {});

}  // namespace hdp
