// SPDX-License-Identifier: Apache-2.0
#include <hdp/memory/dram_stats.hpp>

namespace hdp {

void DramStats::add(const DramStats& other) {
  constexpr auto kNoRequests = static_cast<std::size_t>(DramLimit::NoRequests);
  // Without a tick nothing was ever added: the least time without requests is not known yet.
  const bool first = finished_at < Cycle{} && load == DramLoad{};
  const Cycles no_requests =
      first ? other.load[kNoRequests] : std::min(load[kNoRequests], other.load[kNoRequests]);
  reads += other.reads;
  writes += other.writes;
  forwarded_reads += other.forwarded_reads;
  merged_reads += other.merged_reads;
  merged_writes += other.merged_writes;
  buffered_writes += other.buffered_writes;
  row_hits += other.row_hits;
  row_misses += other.row_misses;
  row_conflicts += other.row_conflicts;
  read_latency += other.read_latency;
  last_read_at = std::max(last_read_at, other.last_read_at);
  finished_at = std::max(finished_at, other.finished_at);
  read_latencies.add(other.read_latencies);
  waited += other.waited;
  most_waiting = std::max(most_waiting, other.most_waiting);
  for (std::size_t i = 0; i < kDramCommands; ++i) commands[i] += other.commands[i];
  active_standby += other.active_standby;
  active_power_down += other.active_power_down;
  precharged_power_down += other.precharged_power_down;
  for (std::size_t i = 0; i < kDramLimits; ++i) load[i] = std::max(load[i], other.load[i]);
  load[kNoRequests] = no_requests;
}

}  // namespace hdp
