// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/json_text.hpp"
#include <hdp/base/version.hpp>
#include <hdp/config/write.hpp>
#include <hdp/memory/dram_energy.hpp>
#include <hdp/report/dram_report.hpp>

namespace hdp {
namespace {

Json commands_json(const DramStats& stats) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kDramCommands; ++i) json[kDramCommandNames[i]] = stats.commands[i];
  return json;
}

Json energy_json(const DramEnergy& energy) {
  return {{"total", energy.total_pj()},
          {"activate", energy.activate_pj},
          {"read", energy.read_pj},
          {"write", energy.write_pj},
          {"refresh", energy.refresh_pj},
          {"active_standby", energy.active_standby_pj},
          {"precharged_standby", energy.precharged_standby_pj}};
}

double bytes_per_ns(const DramReport& report) {
  const DramStats& stats = report.result.total;
  const auto bytes =
      static_cast<double>((stats.reads + stats.writes) * report.config.organisation.access_bytes());
  const auto ps = static_cast<double>(report.result.cycles * report.config.timing.tck_ps);
  return ps > 0 ? bytes * 1000.0 / ps : 0.0;
}

}  // namespace

std::string dram_json(const DramReport& report) {
  const DramStats& stats = report.result.total;
  const Json last_read =
      stats.last_read_at < Cycle{} ? Json(nullptr) : Json(stats.last_read_at.index);
  return json_text({{"format", "dram-1"},
                    {"hdpsim", kVersion},
                    {"memory", report.config.name},
                    {"requests", report.requests},
                    {"feed", name_of(report.feed)},
                    {"cycles", report.result.cycles},
                    {"tck_ps", report.config.timing.tck_ps},
                    {"last_read_cycle", last_read},
                    {"reads", stats.reads},
                    {"writes", stats.writes},
                    {"row_hits", stats.row_hits},
                    {"row_misses", stats.row_misses},
                    {"row_conflicts", stats.row_conflicts},
                    {"mean_read_latency_cycles", report.result.mean_read_latency()},
                    {"bandwidth_fraction", report.result.bandwidth_fraction(report.config)},
                    {"bandwidth_gb_per_s", bytes_per_ns(report)},
                    {"commands", commands_json(stats)},
                    {"energy_pj", energy_json(energy_of(report.config, report.result))},
                    {"config", Json::parse(write_settings(report.config))}});
}

std::string dram_text(const DramReport& report) {
  const DramStats& stats = report.result.total;
  const DramConfig& config = report.config;
  return fmt::format(
      "{} ({}, {}), {}, map \"{}\", {}\n"
      "  {} reads, {} writes in {} memory cycles of {} ps\n"
      "  {:.2f} GB/s, {:.1f} % of the peak; mean read latency {:.1f} cycles\n"
      "  row hits {}, misses {}, conflicts {}; {} activations, {} refreshes\n"
      "  energy {:.3f} uJ\n",
      config.name, config.standard, name_of(config.controller), report.requests, config.map,
      name_of(report.feed), stats.reads, stats.writes, report.result.cycles, config.timing.tck_ps,
      bytes_per_ns(report), 100.0 * report.result.bandwidth_fraction(config),
      report.result.mean_read_latency(), stats.row_hits, stats.row_misses, stats.row_conflicts,
      stats.commands[index_of(DramCommand::Act)], stats.commands[index_of(DramCommand::Ref)],
      energy_of(config, report.result).total_pj() / 1e6);
}

}  // namespace hdp
