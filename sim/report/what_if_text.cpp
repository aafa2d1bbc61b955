// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/text_parts.hpp"
#include <hdp/config/facts_text.hpp>

namespace hdp {
namespace {

/// "core.softmax.lanes=16", the path alone of a group that changed as a whole.
std::string settings_text(const Facts& settings) {
  std::vector<std::string> texts;
  for (const NamedFact& setting : settings) {
    std::string value = facts_text(setting.value);
    value.erase(std::remove(value.begin(), value.end(), '\n'), value.end());
    texts.push_back(setting.name + "=" + value);
  }
  constexpr std::size_t kMost = 2;
  if (texts.size() <= kMost) return fmt::format("{}", fmt::join(texts, " "));
  return fmt::format("{} and {} more", texts.front(), texts.size() - 1);
}

std::string verdict_text(const Comparison& comparison, const WhatIfVerdict& verdict) {
  const std::string& limiter = comparison.run.limiter.name;
  if (!verdict.confirmed)
    return fmt::format("nothing gains {:.0f} %: no single resource limits the run\n",
                       100 * WhatIfVerdict::kLeastGain);
  return fmt::format("{} gains {:.1f} %, the best, {}, {:.1f} %: the limiter is {}\n", limiter,
                     100 * verdict.gain, verdict.best, 100 * verdict.best_gain,
                     *verdict.confirmed ? "confirmed" : "not confirmed");
}

}  // namespace

std::string critical_path_text(const RunResult& run) {
  std::vector<CriticalTime> path = run.critical_path;
  std::ranges::stable_sort(path, std::ranges::greater{}, &CriticalTime::cycles);
  const auto share = [&](std::int64_t part) {
    return run.cycles == 0 ? 0.0
                           : 100 * static_cast<double>(part) / static_cast<double>(run.cycles);
  };
  std::string text = fmt::format("{:<22}{:>9}{:>9}\n", "unit", "work", "latency");
  for (const CriticalTime& time : path)
    if (time.cycles() != 0)
      text += fmt::format("{:<22}{:>8.1f}%{:>8.1f}%\n", time.account, share(time.work),
                          share(time.latency));
  return text;
}

std::string what_if_text(const Comparison& comparison) {
  std::string text =
      fmt::format("{:<20}{:<20}{:>12}{:>9}   with\n", "relieved", "unit", "cycles", "gain");
  for (const WhatIf& row : comparison.what_if) {
    text += fmt::format("{:<20}{:<20}", row.resource, row.unit);
    if (row.cycles)
      text += fmt::format("{:>12}{:>8.1f}%   {}\n", *row.cycles, 100 * row.gain.value_or(0),
                          settings_text(row.settings));
    else
      text += fmt::format("{:>12}{:>9}   {}\n", "-", "-", row.refused);
  }
  if (const auto verdict = comparison.verdict()) text += verdict_text(comparison, *verdict);
  return text;
}

}  // namespace hdp
