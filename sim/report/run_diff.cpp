// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "report/change_text.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/fact_path.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/report/run_diff.hpp>

namespace hdp {
namespace {

/// Groups and values of a report that were known before the run.
constexpr std::array<std::string_view, 8> kGiven{
    "hdpsim", "machine", "kind", "workload", "seed", "clock_mhz", "baseline.machine", "config"};
/// They follow from the configuration, or are told apart.
constexpr std::array<std::string_view, 3> kToldElsewhere{"cycles", "config_sha256", "format"};

constexpr double kFromNothing = std::numeric_limits<double>::infinity();

std::string text_at(const Fact& report, std::string_view path, const std::string& file) {
  const Fact* const found = find_at(report, path);
  const auto* const text = found == nullptr ? nullptr : found->as<std::string>();
  if (text == nullptr)
    refuse(fmt::format("{}: {}", file, path), "is missing, or no text",
           "a report of format report-1");
  return one_line(*text);
}

ReportDiff::Side side_of(const Fact& report, const std::string& file) {
  constexpr std::string_view kFormat = "report-1";
  const Fact* const format = find_at(report, "format");
  if (format == nullptr || *format != Fact(kFormat))
    refuse(file, "is no report", "a report of format report-1 (report.json of run --out)");
  const Fact* const cycles = find_at(report, "cycles");
  if (cycles == nullptr || cycles->as<std::int64_t>() == nullptr)
    refuse(file + ": cycles", "is missing, or no integer", "a report of format report-1");
  return {file, text_at(report, "machine", file), text_at(report, "workload.name", file), *cycles};
}

bool is_any_of(std::string_view path, std::span<const std::string_view> groups) {
  return std::ranges::any_of(groups,
                             [&](std::string_view group) { return is_within(path, group); });
}

bool is_number(const std::optional<Fact>& value) { return value && value->number(); }

/// How far a counter moved, for the order of lines.
double size_of(const ReportChange& change) {
  if (!is_number(change.before) || !is_number(change.after)) return kFromNothing;
  const auto relative = relative_change(*change.before, *change.after);
  return relative ? std::abs(*relative) : kFromNothing;
}

/// The larger number of both: orders those that come from nothing.
double magnitude_of(const ReportChange& change) {
  const auto of = [](const std::optional<Fact>& value) {
    return value ? std::abs(value->number().value_or(0)) : 0;
  };
  return std::max(of(change.before), of(change.after));
}

void sort_by_size(std::vector<ReportChange>& counters) {
  const auto key = [](const ReportChange& change) {
    const double size = size_of(change);
    return std::pair(-size, size == kFromNothing ? -magnitude_of(change) : 0);
  };
  std::vector<std::pair<std::pair<double, double>, ReportChange>> keyed;
  for (ReportChange& change : counters) keyed.emplace_back(key(change), std::move(change));
  std::ranges::sort(keyed, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second.path < b.second.path;
  });
  counters.clear();
  for (auto& [size, change] : keyed) counters.push_back(std::move(change));
}

/// Every path of both, those of `a` first; of two values with one path the first.
std::vector<ReportChange> changes_between(const Fact& a, const Fact& b) {
  std::vector<ReportChange> changes;
  std::unordered_map<std::string, std::size_t> places;
  for (FactLeaf& leaf : leaves_of(a))
    if (places.try_emplace(leaf.path, changes.size()).second)
      changes.push_back({std::move(leaf.path), *leaf.value, std::nullopt, leaf.in_list});
  for (const FactLeaf& leaf : leaves_of(b)) {
    const auto [place, added] = places.try_emplace(leaf.path, changes.size());
    if (added) changes.push_back({leaf.path, std::nullopt, std::nullopt, leaf.in_list});
    std::optional<Fact>& after = changes[place->second].after;
    if (!after) after = *leaf.value;
  }
  std::erase_if(changes, [](const ReportChange& c) { return c.before == c.after; });
  return changes;
}

}  // namespace

bool ReportDiff::empty() const {
  return a.cycles == b.cycles && settings.empty() && counters.empty() && items.empty() &&
         texts.empty();
}

ReportDiff diff_reports(const std::string& a_text, const std::string& a_file,
                        const std::string& b_text, const std::string& b_file) {
  const Fact a = parse_facts(a_text, a_file), b = parse_facts(b_text, b_file);
  ReportDiff diff{.a = side_of(a, a_file), .b = side_of(b, b_file)};
  for (ReportChange& change : changes_between(a, b)) {
    if (is_any_of(change.path, kToldElsewhere)) continue;
    const bool given = is_any_of(change.path, kGiven);
    const bool number = is_number(change.before) || is_number(change.after);
    auto& numbers = change.in_list ? diff.items : diff.counters;
    auto& list = given ? diff.settings : number ? numbers : diff.texts;
    list.push_back(std::move(change));
  }
  sort_by_size(diff.counters);
  sort_by_size(diff.items);
  std::stable_partition(diff.items.begin(), diff.items.end(), [](const ReportChange& change) {
    return !is_within(change.path, "maps");  // up to 4,096 cells of a head
  });
  return diff;
}

}  // namespace hdp
