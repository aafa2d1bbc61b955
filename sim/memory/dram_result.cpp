// SPDX-License-Identifier: Apache-2.0
#include <hdp/memory/dram_result.hpp>

namespace hdp {
namespace {

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double DramResult::mean_read_latency() const {
  return share(total.read_latency.count, total.reads);
}

double DramResult::bandwidth_fraction(const DramConfig& config) const {
  const DramOrganisation& device = config.organisation;
  return share((total.reads + total.writes) * config.timing.burst,
               cycles * device.channels * device.pseudo_channels);
}

double DramResult::mean_waiting() const { return share(total.waited.count, cycles); }

double DramResult::share_of(DramLimit limit) const {
  return share(total.load[static_cast<std::size_t>(limit)].count, cycles);
}

DramLimiter DramResult::limiter() const {
  DramLimiter most;
  for (std::size_t i = 0; i < kDramLimits; ++i) {
    const auto limit = static_cast<DramLimit>(i);
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
