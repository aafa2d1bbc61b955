// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/dram_facts.hpp"
#include <hdp/base/version.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/config/write.hpp>
#include <hdp/memory/dram_energy.hpp>
#include <hdp/report/dram_report.hpp>

namespace hdp {
namespace {

Facts lines_of(const DramEnergy& energy) {
  Facts facts{{"total", energy.total_pj()}};
  for (const DramEnergyLine& line : kDramEnergyLines)
    facts.set(std::string(line.name), energy.*line.pj);
  return facts;
}

Facts boundary_of(const DramEnergy& energy, const DramInterface& interface) {
  return {{"core_pj", energy.core_pj()},
          {"io_pj", energy.io_pj()},
          {"phy_pj", energy.phy_pj()},
          {"leaves_out", interface.leaves_out}};
}

/// Requests without data of their own, where there are any.
std::string without_burst(const DramStats& stats) {
  std::string text;
  const auto add = [&](std::int64_t count, std::string_view what) {
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "  " : ", ", count, what);
  };
  add(stats.forwarded_reads, "reads answered from buffered writes");
  add(stats.merged_reads, "reads merged");
  add(stats.merged_writes, "writes merged");
  add(stats.buffered_writes, "writes still buffered");
  return text.empty() ? text : text + "\n";
}

std::string per_activation(const DramReport& report) {
  const auto bytes = report.result.bytes_per_activation(report.config);
  return bytes ? fmt::format(" of {:.0f} bytes", *bytes) : "";
}

}  // namespace

std::string dram_json(const DramReport& report) {
  const DramStats& stats = report.result.total;
  Facts facts{
      {"format", "dram-1"},
      {"hdpsim", kVersion},
      {"memory", report.config.name},
      {"requests", report.requests},
      {"feed", name_of(report.feed)},
      {"cycles", report.result.cycles},
      {"tck_ps", report.config.timing.tck_ps},
      {"last_read_cycle", stats.last_read_at < Cycle{} ? Fact() : Fact(stats.last_read_at.index)}};
  facts.update(dram_facts(report.config, report.result));
  const DramEnergy energy = energy_of(report.config, report.result);
  facts.set("energy_pj", lines_of(energy));
  facts.set("energy_boundary", boundary_of(energy, report.config.interface));
  facts.set("remarks", dram_remarks({report.config, report.result}));
  facts.set("config", parse_facts(write_settings(report.config), report.config.name));
  return facts_text(facts);
}

std::string dram_text(const DramReport& report) {
  const DramStats& stats = report.result.total;
  const DramConfig& config = report.config;
  const double fraction = report.result.bandwidth_fraction(config);
  const DramLimiter limiter = report.result.limiter();
  const DramEnergy energy = energy_of(config, report.result);
  std::string notes;
  for (const std::string& remark : dram_remarks({config, report.result}))
    notes += "note: " + remark + "\n";
  return fmt::format(
      "{} ({}, {}), {}, map \"{}\", {}\n"
      "  {} reads, {} writes in {} memory cycles of {} ps\n"
      "  {:.2f} of {:.2f} GB/s, {:.1f} %; limited by {} ({:.1f} % of the time)\n"
      "{}"
      "  read latency {:.1f} cycles, half within {}, 99 % within {}; {:.1f} requests waiting\n"
      "  row hits {}, misses {}, conflicts {}; {} activations{}, {} refreshes\n"
      "  energy {:.3f} uJ: core {:.3f}, I/O {:.3f}, PHY {:.3f}; without {}\n{}",
      config.name, config.standard, name_of(config.controller), report.requests, config.map,
      name_of(report.feed), stats.reads, stats.writes, report.result.cycles, config.timing.tck_ps,
      fraction * peak_gb_per_s(config), peak_gb_per_s(config), 100.0 * fraction,
      name_of(limiter.limit), 100.0 * limiter.share, without_burst(stats),
      report.result.mean_read_latency(), stats.read_latencies.quantile(0.5),
      stats.read_latencies.quantile(0.99), report.result.mean_waiting(), stats.row_hits,
      stats.row_misses, stats.row_conflicts, stats.commands[index_of(DramCommand::Act)],
      per_activation(report), stats.commands[index_of(DramCommand::Ref)], energy.total_pj() / 1e6,
      energy.core_pj() / 1e6, energy.io_pj() / 1e6, energy.phy_pj() / 1e6,
      config.interface.leaves_out, notes);
}

}  // namespace hdp
