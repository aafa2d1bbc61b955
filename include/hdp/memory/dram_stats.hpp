// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <hdp/base/quantity.hpp>
#include <hdp/config/field.hpp>
#include <hdp/memory/dram_command.hpp>
#include <hdp/memory/latency_histogram.hpp>

namespace hdp {

/// What can hold a DRAM up. The names are those of reports.
enum class DramLimit : std::uint8_t {
  NoRequests,        ///< Nothing waits in the channel.
  DataBus,           ///< Bursts on the data bus of a (pseudo-)channel.
  BankGroup,         ///< Columns where tCCD_L holds the bus, in whichever bank group.
  Turnaround,        ///< The same bus between reads and writes.
  ActivationWindow,  ///< Activations of a rank: tFAW / 4 or tRRD_S apart.
  BankCycle,         ///< Activations of one bank, tRC apart.
  RowCommands,       ///< Slots of the bus for row commands.
  Refresh,           ///< Refreshes of a rank, tRFC each.
  Arrivals,          ///< Until the last time that all that had come was done, of a request stream.
};
inline constexpr std::size_t kDramLimits = 9;
template <>
struct EnumNames<DramLimit> {
  static constexpr std::array<std::string_view, kDramLimits> kNames{
      "no_requests", "data_bus",     "bank_group", "turnaround", "activation_window",
      "bank_cycle",  "row_commands", "refresh",    "arrivals"};
};

/// Cycles that each limit accounts for, at its busiest place. They overlap: no sum of shares.
using DramLoad = std::array<Cycles, kDramLimits>;

/// What a channel counts, or several together.
struct DramStats {
  std::int64_t reads = 0, writes = 0;  ///< Accepted; these moved no data of their own:
  std::int64_t forwarded_reads = 0;    ///< Answered from a write that waited.
  std::int64_t merged_reads = 0;       ///< Rode on an earlier read of the same line.
  std::int64_t merged_writes = 0;      ///< Into a write to the same line that waited.
  std::int64_t buffered_writes = 0;    ///< Not yet in the device; after close().
  std::int64_t row_hits = 0, row_misses = 0, row_conflicts = 0;
  Cycles read_latency{};   ///< Of all reads together, from acceptance to data.
  Cycle last_read_at{-1};  ///< The tick that returns the last read.
  Cycle finished_at{-1};   ///< The last tick that did something for a request.
  LatencyHistogram read_latencies;
  Cycles waited{};                ///< Of all requests, from acceptance to their column command.
  std::int64_t most_waiting = 0;  ///< At a time, in one channel.
  std::array<std::int64_t, kDramCommands> commands{};
  Cycles active_standby{};  ///< With an open bank, summed over ranks; after close().
  Cycles active_power_down{}, precharged_power_down{};  ///< With an open bank, and with none.
  DramLoad load{};  ///< After close(); the most over channels, of no_requests the least.

  void add(const DramStats& other);
};

}  // namespace hdp
