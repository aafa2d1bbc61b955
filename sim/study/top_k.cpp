// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/random.hpp>
#include <hdp/study/top_k.hpp>
#include <hdp/units/batcher_sorter.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kMostValues = 1 << 20, kMostSamples = 1'000'000;

void expect(std::string_view name, std::int64_t value, std::int64_t most, std::string_view unit) {
  if (value >= 1 && value <= most) return;
  throw UserError({.path = std::string(name),
                   .problem = fmt::format("{} is outside [1, {}]", value, most),
                   .unit = std::string(unit)});
}

}  // namespace

TopKReport study_top_k(const TopKEngineConfig& config, std::int64_t size, std::int64_t k,
                       std::int64_t samples) {
  expect("n", size, kMostValues, "values");
  expect("k", k, size, "values");
  expect("samples", samples, kMostSamples, "samples");
  TopKReport report;
  report.config = config;
  report.size = size;
  report.k = k;
  TopKEngine engine(config);
  RandomStream random(static_cast<std::uint64_t>(config.seed), "values");
  std::vector<std::int64_t> values(static_cast<std::size_t>(size));
  std::int64_t rounds = 0, comparisons = 0;
  for (std::int64_t sample = 0; sample < samples; ++sample) {
    for (auto& value : values) value = static_cast<std::int64_t>(random.next() >> 1);
    const TopKSelection selection = engine.select(values, k);
    report.select_cycles.push_back(selection.select_cycles);
    report.filter_cycles = selection.filter_cycles;
    rounds += selection.rounds;
    comparisons += selection.comparisons;
  }
  std::ranges::sort(report.select_cycles);
  report.worst_select_cycles = engine.worst_select_cycles(size);
  report.mean_rounds = static_cast<double>(rounds) / static_cast<double>(samples);
  report.mean_comparisons = static_cast<double>(comparisons) / static_cast<double>(samples);
  const BatcherSorter sorter(size);
  report.sorter_cycles = sorter.cycles(config.parallelism);
  report.sorter_comparisons = sorter.comparisons();
  report.sorter_layers = std::ssize(sorter.layers());
  return report;
}

}  // namespace hdp
