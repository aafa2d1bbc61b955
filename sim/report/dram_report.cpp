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

Facts energy_of_run(const DramEnergy& energy) {
  return {{"total", energy.total_pj()},
          {"activate", energy.activate_pj},
          {"read", energy.read_pj},
          {"write", energy.write_pj},
          {"refresh", energy.refresh_pj},
          {"active_standby", energy.active_standby_pj},
          {"precharged_standby", energy.precharged_standby_pj}};
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
  facts.set("energy_pj", energy_of_run(energy_of(report.config, report.result)));
  facts.set("config", parse_facts(write_settings(report.config), report.config.name));
  return facts_text(facts);
}

std::string dram_text(const DramReport& report) {
  const DramStats& stats = report.result.total;
  const DramConfig& config = report.config;
  const double fraction = report.result.bandwidth_fraction(config);
  const DramLimiter limiter = report.result.limiter();
  return fmt::format(
      "{} ({}, {}), {}, map \"{}\", {}\n"
      "  {} reads, {} writes in {} memory cycles of {} ps\n"
      "  {:.2f} of {:.2f} GB/s, {:.1f} %; limited by {} ({:.1f} % of the time)\n"
      "  read latency {:.1f} cycles, half within {}, 99 % within {}; {:.1f} requests waiting\n"
      "  row hits {}, misses {}, conflicts {}; {} activations, {} refreshes\n"
      "  energy {:.3f} uJ\n",
      config.name, config.standard, name_of(config.controller), report.requests, config.map,
      name_of(report.feed), stats.reads, stats.writes, report.result.cycles, config.timing.tck_ps,
      fraction * peak_gb_per_s(config), peak_gb_per_s(config), 100.0 * fraction,
      name_of(limiter.limit), 100.0 * limiter.share, report.result.mean_read_latency(),
      stats.read_latencies.quantile(0.5), stats.read_latencies.quantile(0.99),
      report.result.mean_waiting(), stats.row_hits, stats.row_misses, stats.row_conflicts,
      stats.commands[index_of(DramCommand::Act)], stats.commands[index_of(DramCommand::Ref)],
      energy_of(config, report.result).total_pj() / 1e6);
}

}  // namespace hdp
