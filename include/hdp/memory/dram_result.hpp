// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hdp/memory/dram_config.hpp>
#include <hdp/memory/dram_stats.hpp>

namespace hdp {

/// What holds a DRAM up most, and the share of time that it accounts for.
struct DramLimiter {
  DramLimit limit = DramLimit::NoRequests;
  double share = 0;
};

/// What a DRAM did in `cycles` cycles of its own clock.
struct DramResult {
  std::int64_t cycles = 0;
  std::int64_t drained_writes = 0;  ///< Left in the buffers by then, and written after it ...
  std::int64_t drain_cycles = 0;    ///< ... in so many cycles, which belong to the account.
  DramStats total;                  ///< Over all channels.

  /// Joins what the same DRAM did behind it, at rest in between.
  void then(const DramResult& later);

  [[nodiscard]] std::int64_t all_cycles() const { return cycles + drain_cycles; }
  /// Data bursts on the buses: of requests that were merged, forwarded or are still buffered there
  /// is none.
  [[nodiscard]] std::int64_t bursts() const {
    return total.commands[index_of(DramCommand::Rd)] + total.commands[index_of(DramCommand::Wr)];
  }
  [[nodiscard]] std::int64_t moved_bytes(const DramConfig& config) const {
    return bursts() * config.organisation.access_bytes();
  }
  /// Nothing where no row was opened.
  [[nodiscard]] std::optional<double> bytes_per_activation(const DramConfig& config) const;
  /// Their share of the peak bandwidth of all channels.
  [[nodiscard]] double bandwidth_fraction(const DramConfig& config) const;
  [[nodiscard]] double mean_read_latency() const;
  /// Requests that wait for their column command, all channels together, mean over time.
  [[nodiscard]] double mean_waiting() const;
  /// Share of time that a limit accounts for, at its busiest place.
  [[nodiscard]] double share_of(DramLimit limit) const;
  /// The largest of them; arrivals where they are half of the run; tCCD_L only where it adds a
  /// tenth of the run to the bursts, or more than is lost otherwise.
  [[nodiscard]] DramLimiter limiter() const;
};

/// Bytes a nanosecond, all data buses busy.
double peak_gb_per_s(const DramConfig& config);

/// A DRAM and what it did: what a machine's report says of it.
struct DramUse {
  DramConfig config;
  DramResult result;
};

/// What a user should know: rows that are opened for a few bytes, a data bus that tCCD_L holds
/// back; with the map that mends it, where another one would.
std::vector<std::string> dram_remarks(const DramUse& use);

}  // namespace hdp
