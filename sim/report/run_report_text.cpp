// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "report/text_parts.hpp"
#include <hdp/machine/performance.hpp>
#include <hdp/report/run_report.hpp>

namespace hdp {
namespace {

/// Columns that never touch, however long their words.
std::string in_table(std::string_view what, std::string_view run, std::string_view base) {
  return fmt::format("{:<22}{:>20}  {:>20}\n", what, run, base);
}

std::string labelled(std::string_view label, std::string_view text) {
  return fmt::format("{:<18} {}\n", label, text);
}

/// The headline, a line at a time: the run, and the baseline where there is one.
class Headline {
 public:
  explicit Headline(const Comparison& comparison) : comparison_(comparison) {}

  template <class Value>
  void add(std::string_view what, Value value) {
    const RunResult* const base = comparison_.baseline ? &*comparison_.baseline : nullptr;
    text_ += in_table(what, value(comparison_.run), base != nullptr ? value(*base) : "");
  }
  void add_ratio(std::string_view what, double ratio) {
    text_ += in_table(what, fmt::format("{:.3f} x", ratio), "1");
  }
  std::string take() { return std::move(text_); }

 private:
  const Comparison& comparison_;
  std::string text_;
};

std::string headline(const Comparison& comparison) {
  const RunResult& run = comparison.run;
  Headline lines(comparison);
  const auto time_in_us = [](const RunResult& r) {
    return fmt::format("{:.3f} us", r.time_ns() / 1000);
  };
  lines.add("cycles", [](const RunResult& r) { return fmt::format("{}", r.cycles); });
  const bool one_clock =
      !comparison.baseline || comparison.baseline->machine.clock_mhz == run.machine.clock_mhz;
  lines.add(one_clock ? fmt::format("time at {} MHz", run.machine.clock_mhz) : "time", time_in_us);
  lines.add("limited by", [](const RunResult& r) {
    return fmt::format("{} {:.1f}%", r.limiter.name, 100 * r.limiter.share);
  });
  lines.add("DRAM read",
            [](const RunResult& r) { return bytes_text(r.memory.total_read_bytes()); });
  lines.add("DRAM written",
            [](const RunResult& r) { return bytes_text(r.memory.total_written_bytes()); });
  const auto scaled = [](const std::optional<double>& value, std::string_view unit) {
    return value ? fmt::format("{:.3f} {}", *value * 1e-6, unit) : std::string("-");
  };
  const auto figure = [&](std::string_view what, auto value) {
    lines.add(what, [value](const RunResult& r) { return value(performance_of(r)); });
  };
  figure("GOP/s (dense)", [](const Performance& p) {
    return fmt::format("{:.1f} ({:.1f})", p.gop_per_s, p.dense_gop_per_s);
  });
  figure("multipliers used",
         [](const Performance& p) { return fmt::format("{:.1f}%", 100 * p.mac_utilisation); });
  figure("bandwidth used",
         [](const Performance& p) { return fmt::format("{:.1f}%", 100 * p.bandwidth_share); });
  figure("operations / byte", [](const Performance& p) {
    return p.ops_per_byte ? fmt::format("{:.1f}", *p.ops_per_byte) : std::string("-");
  });
  if (run.energy_pj)
    lines.add("energy", [&](const RunResult& r) { return scaled(r.total_pj(), "uJ"); });
  if (run.energy_pj) {
    figure("power", [](const Performance& p) {
      return p.power_w ? fmt::format("{:.3f} W", *p.power_w) : std::string("-");
    });
    figure("energy x delay", [](const Performance& p) {
      return p.energy_delay_js ? fmt::format("{:.4g} pJ s", 1e12 * *p.energy_delay_js)
                               : std::string("-");
    });
  }
  if (run.area)
    lines.add("area (covered part)", [&](const RunResult& r) {
      return scaled(r.area ? std::optional(r.area->total_um2()) : std::nullopt, "mm^2");
    });
  if (!comparison.baseline) return lines.take();
  lines.add_ratio("speedup", comparison.speedup());
  if (const auto ratio = comparison.energy_ratio()) lines.add_ratio("energy ratio", *ratio);
  return lines.take();
}

/// "baseline same", or both words on what another machine made.
std::string baseline_title(const Comparison& comparison) {
  return comparison.baseline ? "baseline " + comparison.baseline_name : std::string();
}

}  // namespace

std::string report_text(const Comparison& comparison) {
  const RunResult& run = comparison.run;
  std::string text =
      fmt::format("{} on {} ({})", run.machine.name, run.workload_name, run.workload_text);
  if (!run.title.empty()) text += ", " + run.title;
  text += "\n\n" + in_table("", run.machine.name, baseline_title(comparison)) +
          headline(comparison) + '\n';
  for (const TextLine& line : run.lines) text += labelled(line.label, line.text);
  if (!run.layers.empty()) text += labelled("output", fidelity_text(run.fidelity));
  if (!run.fidelity.causes.empty()) text += labelled("error by cause", causes_text(run.fidelity));
  const bool of_batch =
      std::ranges::any_of(run.maps, [](const HeadMap& map) { return map.sequence > 0; });
  for (const HeadMap& map : run.maps) text += labelled("map", map_text(map, of_batch));
  text += labelled("DRAM bytes", by_tensor(run.memory));
  if (run.memory.dram) text += labelled("DRAM", dram_text(*run.memory.dram));
  for (const std::string& remark : run.remarks) text += fmt::format("note: {}\n", remark);
  if (!comparison.what_if.empty()) text += "\nWhat if\n" + what_if_text(comparison);
  text += "\nWhere the cycles went (mean over the instances of a unit)\n" +
          where_cycles_went(run.units);
  if (!run.critical_path.empty())
    text += "\nCritical path (what the end of the run hung on)\n" + critical_path_text(run);
  if (run.energy_pj) text += "\nEnergy\n" + energy_by_unit(*run.energy_pj);
  return text + '\n' +
         wrapped("Provenance: " + run.machine.sources +
                 " report.json names the source of every setting.");
}

}  // namespace hdp
