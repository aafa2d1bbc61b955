// SPDX-License-Identifier: Apache-2.0
#include "report/dram_use_json.hpp"

namespace hdp {
namespace {

Json commands_json(const DramStats& stats) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kDramCommands; ++i) json[kDramCommandNames[i]] = stats.commands[i];
  return json;
}

/// Every bin with an entry: its shortest latency, and how many reads had one of the bin.
Json histogram_json(const LatencyHistogram& histogram) {
  Json bins = Json::array();
  for (std::size_t bin = 0; bin < LatencyHistogram::kBins; ++bin)
    if (const std::int64_t count = histogram.bins()[bin]; count > 0)
      bins.push_back({LatencyHistogram::first_of(bin), count});
  return {{"p50", histogram.quantile(0.5)},
          {"p90", histogram.quantile(0.9)},
          {"p99", histogram.quantile(0.99)},
          {"max", histogram.longest().count},
          {"bins", std::move(bins)}};
}

Json load_json(const DramResult& result) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kDramLimits; ++i) {
    const auto limit = static_cast<DramLimit>(i);
    json[std::string(name_of(limit))] = result.share_of(limit);
  }
  return json;
}

}  // namespace

Json dram_use_json(const DramConfig& config, const DramResult& result) {
  const DramStats& stats = result.total;
  const DramLimiter limiter = result.limiter();
  const double fraction = result.bandwidth_fraction(config);
  return {
      {"reads", stats.reads},
      {"writes", stats.writes},
      {"row_hits", stats.row_hits},
      {"row_misses", stats.row_misses},
      {"row_conflicts", stats.row_conflicts},
      {"mean_read_latency_cycles", result.mean_read_latency()},
      {"read_latency_cycles", histogram_json(stats.read_latencies)},
      {"queue", {{"mean_waiting", result.mean_waiting()}, {"most_waiting", stats.most_waiting}}},
      {"bandwidth_fraction", fraction},
      {"bandwidth_gb_per_s", fraction * peak_gb_per_s(config)},
      {"peak_gb_per_s", peak_gb_per_s(config)},
      {"commands", commands_json(stats)},
      {"limiter", {{"name", name_of(limiter.limit)}, {"share", limiter.share}}},
      {"load", load_json(result)}};
}

}  // namespace hdp
