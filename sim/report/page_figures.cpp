// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include <hdp/base/check.hpp>
#include <hdp/report/page_figures.hpp>
#include <hdp/report/setting_list.hpp>

namespace hdp {
namespace {

using Numbers = std::vector<double>;

/// Where ranges of rising, different numbers begin, so that about as many points lie in each.
std::vector<std::size_t> range_starts(const Numbers& distinct,
                                      const std::map<double, std::size_t>& count,
                                      std::size_t points, std::size_t ranges) {
  std::vector<std::size_t> starts{0};
  std::size_t before = 0;
  for (std::size_t i = 0; i < distinct.size(); ++i) {
    if (i > starts.back() && before * ranges >= points * starts.size()) starts.push_back(i);
    before += count.at(distinct[i]);
  }
  return starts;
}

AxisBins bins_of_numbers(const Numbers& values, std::span<const Fact> facts, std::size_t most) {
  std::map<double, std::size_t> count;
  std::map<double, std::string> text;
  for (std::size_t i = 0; i < values.size(); ++i) {
    ++count[values[i]];
    text.try_emplace(values[i], setting_text(facts[i]));
  }
  Numbers distinct;
  for (const auto& [value, points] : count) distinct.push_back(value);
  std::vector<std::size_t> starts(distinct.size());
  std::iota(starts.begin(), starts.end(), std::size_t{0});
  if (distinct.size() > most)
    starts = range_starts(distinct, count, values.size(), std::max<std::size_t>(1, most / 2));
  AxisBins bins;
  Numbers first;
  for (std::size_t bin = 0; bin < starts.size(); ++bin) {
    const std::size_t end = bin + 1 < starts.size() ? starts[bin + 1] : distinct.size();
    const std::string &least = text[distinct[starts[bin]]], &last = text[distinct[end - 1]];
    first.push_back(distinct[starts[bin]]);
    bins.labels.push_back(end - starts[bin] == 1 ? least : fmt::format("{} ... {}", least, last));
  }
  for (const double value : values)
    bins.of_point.push_back(
        static_cast<std::size_t>(std::ranges::upper_bound(first, value) - first.begin()) - 1);
  return bins;
}

}  // namespace

std::vector<std::size_t> pareto_front(std::span<const std::optional<double>> cost,
                                      std::span<const std::optional<double>> error) {
  HDP_CHECK(cost.size() == error.size(), "a cost and an error a point");
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < cost.size(); ++i)
    if (cost[i] && error[i]) order.push_back(i);
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::tuple(*cost[i], *error[i], i); });
  std::vector<std::size_t> front;
  double least_error = std::numeric_limits<double>::infinity();
  for (const std::size_t i : order) {
    const bool equal =
        !front.empty() && *cost[front.back()] == *cost[i] && *error[front.back()] == *error[i];
    if (!equal && *error[i] >= least_error) continue;
    front.push_back(i);
    least_error = *error[i];
  }
  return front;
}

Spread spread_of(std::vector<double> values) {
  HDP_CHECK(!values.empty(), "a spread of no values");
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[middle] : std::midpoint(values[middle - 1], values[middle]);
  return {values.size(), values.front(), median, values.back()};
}

AxisBins bins_of(std::span<const Fact> values, std::size_t most) {
  Numbers numbers;
  for (const Fact& value : values) {
    const std::optional<double> number = value.number();
    if (!number) break;
    numbers.push_back(*number);
  }
  if (numbers.size() == values.size()) return bins_of_numbers(numbers, values, most);
  AxisBins bins;
  std::map<std::string, std::size_t> known;
  for (const Fact& value : values) {
    const auto [label, is_new] = known.try_emplace(setting_text(value), known.size());
    if (is_new) bins.labels.push_back(label->first);
    bins.of_point.push_back(label->second);
  }
  return bins;
}

}  // namespace hdp
