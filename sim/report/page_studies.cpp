// SPDX-License-Identifier: Apache-2.0
#include "report/page_studies.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include <hdp/report/page_figures.hpp>

namespace hdp {
namespace {

using Points = std::vector<std::optional<PageFigures>>;

std::set<std::size_t> workloads_of(const Points& points) {
  std::set<std::size_t> workloads;
  for (const auto& point : points)
    if (point) workloads.insert(point->workload);
  return workloads;
}

std::size_t place_of_metric(std::string_view name) {
  const auto metrics = compared_metrics();
  return static_cast<std::size_t>(std::ranges::find(metrics, name) - metrics.begin());
}

/// A figure of every point of a workload; nothing of all others.
std::vector<std::optional<double>> figures_of(const Points& points, std::size_t workload,
                                              std::string_view metric) {
  const std::size_t place = place_of_metric(metric);
  std::vector<std::optional<double>> figures;
  figures.reserve(points.size());
  for (const auto& point : points)
    figures.push_back(point && point->workload == workload ? point->values[place] : std::nullopt);
  return figures;
}

}  // namespace

std::vector<std::string_view> compared_metrics() {
  std::vector<std::string_view> metrics(page_costs().begin(), page_costs().end());
  metrics.insert(metrics.end(), page_errors().begin(), page_errors().end());
  metrics.insert(metrics.end(), {"speedup", "energy_ratio"});
  return metrics;
}

Fact::List page_fronts(const Points& points) {
  Fact::List fronts;
  for (const std::size_t workload : workloads_of(points))
    for (const std::string_view cost : page_costs())
      for (const std::string_view error : page_errors()) {
        const auto front =
            pareto_front(figures_of(points, workload, cost), figures_of(points, workload, error));
        if (!front.empty())
          fronts.emplace_back(
              Facts{{"workload", workload}, {"cost", cost}, {"error", error}, {"points", front}});
      }
  return fronts;
}

PageSpreads page_spreads(const Points& points, std::size_t study, std::size_t axis) {
  std::vector<const PageFigures*> of_study;
  std::vector<Fact> values;
  for (const auto& point : points) {
    if (!point || point->study != study) continue;
    of_study.push_back(&*point);
    values.push_back(point->axes[axis]);
  }
  const AxisBins bins = bins_of(values);
  PageSpreads all{.labels = bins.labels, .spreads = {}};
  const auto metrics = compared_metrics();
  for (const std::size_t workload : workloads_of(points))
    for (std::size_t metric = 0; metric < metrics.size(); ++metric) {
      std::vector<std::vector<double>> found(bins.labels.size());
      for (std::size_t i = 0; i < of_study.size(); ++i)
        if (const auto& value = of_study[i]->values[metric];
            value && of_study[i]->workload == workload)
          found[bins.of_point[i]].push_back(*value);
      if (std::ranges::all_of(found, &std::vector<double>::empty)) continue;
      Fact::List spreads;
      for (const auto& one : found) {
        if (one.empty()) {
          spreads.emplace_back(nullptr);
          continue;
        }
        const Spread spread = spread_of(one);
        spreads.emplace_back(Fact::List{spread.count, drawn(spread.least), drawn(spread.median),
                                        drawn(spread.most)});
      }
      all.spreads.emplace_back(Facts{
          {"workload", workload}, {"metric", metrics[metric]}, {"values", std::move(spreads)}});
    }
  return all;
}

Fact drawn(double value) {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (std::isfinite(value) && value == std::floor(value) && std::abs(value) < kExact)
    return static_cast<std::int64_t>(value);
  const std::string text = fmt::format("{:.7g}", value);
  double rounded = 0;
  std::from_chars(text.data(), text.data() + text.size(), rounded);
  return rounded;
}

}  // namespace hdp
