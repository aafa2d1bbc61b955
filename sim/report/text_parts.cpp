// SPDX-License-Identifier: Apache-2.0
#include "report/text_parts.hpp"

#include <array>
#include <map>
#include <numeric>
#include <span>

#include <fmt/format.h>

namespace hdp {
namespace {

struct KindTime {
  std::int64_t instances = 0, total = 0, busy = 0, idle = 0;
  std::map<std::string, std::int64_t> blocked;
};

}  // namespace

std::string kind_of_instance(const std::string& instance) {
  const std::size_t dot = instance.find('.');
  if (dot != std::string::npos) return instance.substr(dot + 1);
  return instance.substr(0, instance.find_last_not_of("0123456789") + 1);
}

std::string bytes_text(std::int64_t bytes) {
  constexpr std::array kUnits{"B", "kB", "MB", "GB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 10'000 && unit + 1 < kUnits.size(); ++unit) value /= 1000;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

namespace {

std::string by_tensor(const std::vector<Counter>& bytes) {
  std::string text;
  for (const Counter& tensor : bytes)
    if (tensor.value != 0)
      text +=
          fmt::format("{}{} {}", text.empty() ? "" : ", ", tensor.name, bytes_text(tensor.value));
  return text;
}

}  // namespace

std::string by_tensor(const MemoryUse& memory) {
  const std::string written = by_tensor(memory.written_bytes);
  return by_tensor(memory.read_bytes) + (written.empty() ? "" : "; written " + written);
}

std::string where_cycles_went(const std::vector<UnitReport>& units) {
  std::vector<std::string> order;
  std::map<std::string, KindTime> kinds;
  for (const UnitReport& unit : units) {
    const std::string kind = kind_of_instance(unit.instance);
    if (unit.kind == "sequencer") continue;
    if (!kinds.contains(kind)) order.push_back(kind);
    KindTime& time = kinds[kind];
    ++time.instances;
    time.total += unit.total;
    time.busy += unit.busy;
    time.idle += unit.idle;
    for (const Counter& reason : unit.blocked)
      if (reason.value != 0) time.blocked[reason.name] += reason.value;
  }
  std::string text =
      fmt::format("{:<18}{:>6}{:>9}{:>9}   blocked on\n", "unit", "count", "busy", "idle");
  for (const std::string& kind : order) {
    const KindTime& time = kinds[kind];
    const auto share = [&](std::int64_t part) {
      return time.total == 0 ? 0.0
                             : 100.0 * static_cast<double>(part) / static_cast<double>(time.total);
    };
    text += fmt::format("{:<18}{:>6}{:>8.1f}%{:>8.1f}%   ", kind, time.instances, share(time.busy),
                        share(time.idle));
    for (const auto& [reason, cycles] : time.blocked)
      text += fmt::format("{} {:.1f}%  ", reason, share(cycles));
    while (text.back() == ' ') text.pop_back();
    text += '\n';
  }
  return text;
}

std::string energy_by_unit(const std::vector<UnitCost>& units) {
  std::vector<std::string> order;
  std::map<std::string, double> kinds;
  for (const UnitCost& unit : units) {
    const std::string kind = kind_of_instance(unit.instance);
    if (!kinds.contains(kind)) order.push_back(kind);
    kinds[kind] += unit.total();
  }
  const double total = total_of(units);
  double leakage = 0;
  for (const UnitCost& unit : units)
    for (const CostItem& item : unit.items)
      if (item.kind == kLeakage) leakage += item.value;
  std::string text;
  for (const std::string& kind : order)
    text += fmt::format("  {:<18}{:>12.3f} uJ{:>8.1f}%\n", kind, kinds[kind] * 1e-6,
                        100 * kinds[kind] / total);
  if (leakage > 0)
    text += fmt::format("  of which leakage {:>13.3f} uJ{:>8.1f}%\n", leakage * 1e-6,
                        100 * leakage / total);
  return text;
}

std::string dram_text(const DramUse& use) {
  const DramStats& stats = use.result.total;
  const DramLimiter limiter = use.result.limiter();
  return fmt::format(
      "{} ({}): {:.1f} % of {:.1f} GB/s; row hits {}, misses {}, conflicts {}; limited by {} "
      "({:.1f} %); {:.0f} bytes an activation",
      use.config.name, name_of(use.config.controller),
      100 * use.result.bandwidth_fraction(use.config), peak_gb_per_s(use.config), stats.row_hits,
      stats.row_misses, stats.row_conflicts, name_of(limiter.limit), 100 * limiter.share,
      use.result.bytes_per_activation(use.config).value_or(0));
}

std::string fidelity_text(const Fidelity& fidelity) {
  return fmt::format("relative error {}, cosine {}, probability mass kept {:.1f}%",
                     number_or_dash(fidelity.error.relative_frobenius()),
                     number_or_dash(fidelity.error.cosine()), 100 * fidelity.mass_kept());
}

std::string causes_text(const Fidelity& fidelity) {
  std::string text;
  for (const ErrorCause& cause : fidelity.causes)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", + ", cause.name,
                        number_or_dash(cause.error.relative_frobenius()));
  return text;
}

std::string wrapped(const std::string& text, std::size_t width) {
  std::string lines;
  std::size_t start = 0;
  while (text.size() - start > width) {
    const std::size_t space = text.rfind(' ', start + width);
    if (space == std::string::npos || space <= start) break;
    lines += text.substr(start, space - start) + '\n';
    start = space + 1;
  }
  return lines + text.substr(start) + '\n';
}

std::string map_text(const HeadMap& map, bool of_batch) {
  const auto sum = [](std::span<const std::int64_t> counts) {
    return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  };
  const std::int64_t kept = sum(map.kept.values()), allowed = sum(map.allowed.values());
  return fmt::format("{}layer {}, head {}: {} of {} pairs kept ({:.1f}%)",
                     of_batch ? fmt::format("sequence {}, ", map.sequence) : "", map.name.layer,
                     map.name.head, kept, allowed,
                     100.0 * static_cast<double>(kept) / static_cast<double>(allowed));
}

std::string number_or_dash(const std::optional<double>& value) {
  return value ? fmt::format("{:.4f}", *value) : "-";
}

}  // namespace hdp
