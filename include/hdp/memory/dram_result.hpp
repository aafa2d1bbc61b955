// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

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
  DramStats total;  ///< Over all channels.

  [[nodiscard]] double mean_read_latency() const;
  /// Share of the peak bandwidth of all channels.
  [[nodiscard]] double bandwidth_fraction(const DramConfig& config) const;
  /// Requests that wait for their column command, all channels together, mean over time.
  [[nodiscard]] double mean_waiting() const;
  /// Share of time that a limit accounts for, at its busiest place.
  [[nodiscard]] double share_of(DramLimit limit) const;
  [[nodiscard]] DramLimiter limiter() const;
};

/// Bytes a nanosecond, all data buses busy.
double peak_gb_per_s(const DramConfig& config);

/// A DRAM and what it did: what a machine's report says of it.
struct DramUse {
  DramConfig config;
  DramResult result;
};

}  // namespace hdp
