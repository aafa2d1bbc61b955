// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/memory/dram_result.hpp>

namespace hdp {

void DramResult::then(const DramResult& later) {
  DramStats behind = later.total;
  const Cycles before{all_cycles()};
  if (behind.last_read_at >= Cycle{}) behind.last_read_at = behind.last_read_at + before;
  if (behind.finished_at >= Cycle{}) behind.finished_at = behind.finished_at + before;
  DramLoad load = total.load;
  for (std::size_t i = 0; i < kDramLimits; ++i) load[i] += later.total.load[i];
  total.add(behind);
  total.load = load;
  cycles += later.cycles;
  drained_writes += later.drained_writes;
  drain_cycles += later.drain_cycles;
}
namespace {

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double DramResult::mean_read_latency() const {
  return share(total.read_latency.count, total.reads);
}

std::optional<double> DramResult::bytes_per_activation(const DramConfig& config) const {
  const std::int64_t activations = total.commands[index_of(DramCommand::Act)];
  if (activations == 0) return std::nullopt;
  return share(moved_bytes(config), activations);
}

double DramResult::bandwidth_fraction(const DramConfig& config) const {
  const DramOrganisation& device = config.organisation;
  const std::int64_t buses = device.channels * device.pseudo_channels;
  // A run may end with the command of a write, before its burst.
  return std::min(1.0, share(bursts() * config.timing.burst, all_cycles() * buses));
}

double DramResult::mean_waiting() const { return share(total.waited.count, all_cycles()); }

double DramResult::share_of(DramLimit limit) const {
  return share(total.load[static_cast<std::size_t>(limit)].count, all_cycles());
}

DramLimiter DramResult::limiter() const {
  constexpr double kHeldBack = 0.1, kMostly = 0.5;
  // No faster DRAM ends before its requests have come.
  if (const double arrivals = share_of(DramLimit::Arrivals); arrivals >= kMostly)
    return {DramLimit::Arrivals, arrivals};
  // Bursts and the gaps between those of one bank group: never less than the bursts alone.
  const double paced = share_of(DramLimit::BankGroup);
  const bool held_back = paced - share_of(DramLimit::DataBus) >= std::min(kHeldBack, 1 - paced);
  DramLimiter most;
  for (std::size_t i = 0; i < kDramLimits; ++i) {
    const auto limit = static_cast<DramLimit>(i);
    if (limit == DramLimit::Arrivals || (limit == DramLimit::BankGroup && !held_back)) continue;
    if (share_of(limit) > most.share) most = {limit, share_of(limit)};
  }
  return most;
}

double peak_gb_per_s(const DramConfig& config) {
  const DramOrganisation& device = config.organisation;
  const auto bytes =
      static_cast<double>(device.access_bytes() * device.channels * device.pseudo_channels * 1000);
  return bytes / static_cast<double>(config.timing.burst * config.timing.tck_ps);
}

}  // namespace hdp
