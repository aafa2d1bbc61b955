// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <hdp/base/version.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/config/write.hpp>
#include <hdp/report/top_k_report.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kBins = 20;

/// Equal bins from the least to the most cycles.
Facts histogram_of(const TopKReport& report) {
  const std::int64_t least = report.select_cycles.front(), most = report.select_cycles.back();
  const std::int64_t width = (most - least) / kBins + 1;
  Fact::List bins;
  auto from = report.select_cycles.begin();
  for (std::int64_t start = least; start <= most; start += width) {
    const auto to = std::lower_bound(from, report.select_cycles.end(), start + width);
    bins.emplace_back(Facts{{"cycles", start}, {"samples", to - from}});
    from = to;
  }
  return {{"bin_cycles", width}, {"bins", std::move(bins)}};
}

}  // namespace

double TopKReport::mean() const {
  const auto sum = std::accumulate(select_cycles.begin(), select_cycles.end(), std::int64_t{0});
  return static_cast<double>(sum) / static_cast<double>(select_cycles.size());
}

double TopKReport::deviation() const {
  double squares = 0;
  for (const std::int64_t cycles : select_cycles)
    squares += (static_cast<double>(cycles) - mean()) * (static_cast<double>(cycles) - mean());
  return std::sqrt(squares / static_cast<double>(select_cycles.size()));
}

std::int64_t TopKReport::quantile(double share) const {
  const auto rank = std::ceil(share * static_cast<double>(select_cycles.size()));
  return select_cycles[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
}

double TopKReport::throughput_ratio() const {
  return static_cast<double>(sorter_cycles) / (mean() + static_cast<double>(filter_cycles));
}

double TopKReport::comparison_ratio() const {
  return static_cast<double>(sorter_comparisons) / mean_comparisons;
}

std::string top_k_json(const TopKReport& report) {
  const TopKEngineConfig config = report.config;
  const auto samples = static_cast<double>(report.select_cycles.size());
  return facts_text(
      Facts{{"format", "top_k-1"},
            {"hdpsim", kVersion},
            {"n", report.size},
            {"k", report.k},
            {"samples", report.select_cycles.size()},
            {"select_cycles", Facts{{"mean", report.mean()},
                                    {"deviation", report.deviation()},
                                    {"standard_error", report.deviation() / std::sqrt(samples)},
                                    {"least", report.select_cycles.front()},
                                    {"median", report.quantile(0.5)},
                                    {"p90", report.quantile(0.9)},
                                    {"p99", report.quantile(0.99)},
                                    {"most", report.select_cycles.back()},
                                    {"worst_case", report.worst_select_cycles},
                                    {"histogram", histogram_of(report)}}},
            {"filter_cycles", report.filter_cycles},
            {"mean_rounds", report.mean_rounds},
            {"mean_comparisons", report.mean_comparisons},
            {"batcher", Facts{{"cycles", report.sorter_cycles},
                              {"comparisons", report.sorter_comparisons},
                              {"layers", report.sorter_layers},
                              {"throughput_ratio", report.throughput_ratio()},
                              {"comparison_ratio", report.comparison_ratio()}}},
            {"config", parse_facts(write_settings(config), "top_k")}});
}

std::string top_k_text(const TopKReport& report) {
  return fmt::format(
      "top-k engine: the {} largest of {} values, parallelism {}, {} samples\n"
      "  select {:.2f} cycles (deviation {:.2f}), {} to {}, half within {}, 99 % within {}; worst "
      "case {}\n"
      "  {:.2f} rounds, {:.0f} comparisons; the filter takes {} cycles more\n"
      "  Batcher's network, as many comparators: {} cycles, {} comparisons in {} layers\n"
      "  the engine is {:.2f} times as fast, with {:.2f} times fewer comparisons\n",
      report.k, report.size, report.config.parallelism, report.select_cycles.size(), report.mean(),
      report.deviation(), report.select_cycles.front(), report.select_cycles.back(),
      report.quantile(0.5), report.quantile(0.99), report.worst_select_cycles, report.mean_rounds,
      report.mean_comparisons, report.filter_cycles, report.sorter_cycles,
      report.sorter_comparisons, report.sorter_layers, report.throughput_ratio(),
      report.comparison_ratio());
}

}  // namespace hdp
