// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

/// A second, plain model of the SpAtten authors' RTL artefact: registers and FIFOs, evaluated from
/// the last to the first in every cycle. It shares no code with the machine it is compared with.
namespace hdp::test::plain {

/// What a row of the published workload file says, as written there: nothing padded or mapped.
struct Row {
  int key_count = 0;
  int value_count = 0;
  int key_bits = 8;
  int value_bits = 8;
  bool if_requant = false;
};

struct Settings {
  int buffer_lines = 2048;
  int multipliers = 64;
  int top_k_parallelism = 16;
  int bandwidth_downsample = 8;
  int fetch_padding = 8;
  /// Rows that take the second pass, counted from 0; only rows that may re-quantise.
  std::set<std::size_t> requantised_rows;
};

/// Cycles are -1 where the thing did not happen.
struct RowResult {
  std::int64_t top_k_latency = 0;
  bool requantised = false;
  std::int64_t first_pass_last_score_cycle = -1;
  std::int64_t second_pass_last_score_cycle = -1;
  std::int64_t response_cycle = -1;
};

struct Result {
  std::int64_t cycles = 0;
  std::int64_t dram_reads = 0;
  std::vector<RowResult> rows;
};

bool may_requantise(const Row& row);

/// Throws std::invalid_argument for what the RTL asserts against, std::runtime_error for a hang.
Result run(const Settings& settings, const std::vector<Row>& rows);

}  // namespace hdp::test::plain
