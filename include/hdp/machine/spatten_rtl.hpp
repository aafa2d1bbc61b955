// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include <hdp/base/quantity.hpp>
#include <hdp/machine/spatten_rtl_config.hpp>
#include <hdp/workload/spatten_workload.hpp>

namespace hdp {

/// What became of a row, in cycles from time 0 of the RTL's bench: reset takes the first 16.
struct SpattenRtlRow {
  std::int64_t top_k_latency = 0;  ///< Cycles the quick select would take; drawn.
  bool requantised = false;
  Cycle first_pass{};                    ///< Its last score leaves the re-quantisation decision.
  std::optional<Cycle> second_pass{};    ///< The same, of the second pass.
  Cycle response{};
};

struct SpattenRtlResult {
  std::vector<SpattenRtlRow> rows;
  Cycle cycles{};               ///< Of the last response: the figure of the authors' bench.
  std::int64_t dram_reads = 0;  ///< Accesses of 32 bytes that were answered.
};

/// Called now and then with the rows that have answered.
using SpattenRtlProgress = std::function<void(std::int64_t done, std::int64_t rows)>;

/// The authors' RTL, rule for rule, on the rows of a workload file: memory, crossbar, buffers, the
/// wait for top-k, and its oddities (docs/spatten_rtl.md). `requantised` are the rows that take the
/// second pass, in rising order: in the RTL that hangs on random data, so here it is an input.
/// UserError for what the RTL refuses, with the row.
SpattenRtlResult run_spatten_rtl(const SpattenRtlConfig& config, std::span<const SpattenRow> rows,
                                 std::span<const std::int64_t> requantised,
                                 const SpattenRtlProgress& progress = {});

/// All rows that may re-quantise in the RTL.
std::vector<std::int64_t> requantisable_rows(std::span<const SpattenRow> rows);

}  // namespace hdp
