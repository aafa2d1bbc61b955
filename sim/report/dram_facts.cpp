// SPDX-License-Identifier: Apache-2.0
#include "report/dram_facts.hpp"

#include <utility>

namespace hdp {
namespace {

Facts commands_of(const DramStats& stats) {
  Facts facts;
  for (std::size_t i = 0; i < kDramCommands; ++i)
    facts.set(std::string(kDramCommandNames[i]), stats.commands[i]);
  return facts;
}

/// Every bin with an entry: its shortest latency, and how many reads had one of the bin.
Facts histogram_of(const LatencyHistogram& histogram) {
  Fact::List bins;
  for (std::size_t bin = 0; bin < LatencyHistogram::kBins; ++bin)
    if (const std::int64_t count = histogram.bins()[bin]; count > 0)
      bins.emplace_back(Fact::List{LatencyHistogram::first_of(bin), count});
  return {{"p50", histogram.quantile(0.5)},
          {"p90", histogram.quantile(0.9)},
          {"p99", histogram.quantile(0.99)},
          {"max", histogram.longest().count},
          {"bins", std::move(bins)}};
}

Facts load_of(const DramResult& result) {
  Facts facts;
  for (std::size_t i = 0; i < kDramLimits; ++i) {
    const auto limit = static_cast<DramLimit>(i);
    facts.set(std::string(name_of(limit)), result.share_of(limit));
  }
  return facts;
}

}  // namespace

Facts dram_facts(const DramConfig& config, const DramResult& result) {
  const DramStats& stats = result.total;
  const DramLimiter limiter = result.limiter();
  const double fraction = result.bandwidth_fraction(config);
  return {{"reads", stats.reads},
          {"writes", stats.writes},
          {"forwarded_reads", stats.forwarded_reads},
          {"merged_reads", stats.merged_reads},
          {"merged_writes", stats.merged_writes},
          {"buffered_writes", stats.buffered_writes},
          {"drained_writes", result.drained_writes},
          {"drain_cycles", result.drain_cycles},
          {"row_hits", stats.row_hits},
          {"row_misses", stats.row_misses},
          {"row_conflicts", stats.row_conflicts},
          {"mean_read_latency_cycles", result.mean_read_latency()},
          {"read_latency_cycles", histogram_of(stats.read_latencies)},
          {"queue",
           Facts{{"mean_waiting", result.mean_waiting()}, {"most_waiting", stats.most_waiting}}},
          {"bandwidth_fraction", fraction},
          {"bandwidth_gb_per_s", fraction * peak_gb_per_s(config)},
          {"peak_gb_per_s", peak_gb_per_s(config)},
          {"bytes_per_activation", result.bytes_per_activation(config)},
          {"commands", commands_of(stats)},
          {"limiter", Facts{{"name", name_of(limiter.limit)}, {"share", limiter.share}}},
          {"load", load_of(result)}};
}

}  // namespace hdp
