// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <hdp/config/field.hpp>

namespace hdp {

/// What `--what-if` relieves a machine of: twice as much of it, or half of a latency.
enum class Relief : std::uint8_t {
  Multipliers,
  MultiplierRows,
  SoftmaxLanes,
  SoftmaxLatency,
  SramPorts,
  TopK,
  Decision,
  Probability,
  MemoryLatency,
  MemoryBandwidth,
  RequestsInFlight,
  Scoreboard,
  KvBuffer,
  SlicesInFlight,
  RowBuffer,
  ScoreFifo,
  ValueUnit,
  Fetch,
  Converter,
  VectorLanes,
  Cores,
  Count
};
inline constexpr std::size_t kReliefs = static_cast<std::size_t>(Relief::Count);
template <>
struct EnumNames<Relief> {
  static constexpr std::array<std::string_view, kReliefs> kNames{
      "multipliers",      "multiplier_rows",    "softmax_lanes",
      "softmax_latency",  "sram_ports",         "top_k",
      "decision",         "probability",        "memory_latency",
      "memory_bandwidth", "requests_in_flight", "scoreboard",
      "kv_buffer",        "slices_in_flight",   "row_buffer",
      "score_fifo",       "value_unit",         "fetch",
      "converter",        "vector_lanes",       "cores"};
};

}  // namespace hdp
