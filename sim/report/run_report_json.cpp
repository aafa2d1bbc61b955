// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "report/dram_facts.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/version.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/machine/performance.hpp>
#include <hdp/report/run_report.hpp>

namespace hdp {
namespace {

Facts facts_of(const std::vector<Counter>& counters) {
  Facts facts;
  for (const Counter& counter : counters) facts.set(counter.name, counter.value);
  return facts;
}

Fact baseline_of(const Comparison& comparison) {
  if (!comparison.baseline) return nullptr;
  const RunResult& base = *comparison.baseline;
  return Facts{{"machine", comparison.baseline_name},
               {"cycles", base.cycles},
               {"time_ns", base.time_ns()},
               {"speedup", comparison.speedup()},
               {"energy_ratio", comparison.energy_ratio()},
               {"energy_pj", base.total_pj()},
               {"read_bytes", base.memory.total_read_bytes()}};
}

Facts units_of(const std::vector<UnitReport>& units) {
  Facts facts;
  for (const UnitReport& unit : units) {
    Facts entry{{"kind", unit.kind},
                {"cycles", Facts{{"total", unit.total},
                                 {"idle", unit.idle},
                                 {"busy", unit.busy},
                                 {"blocked", facts_of(unit.blocked)}}}};
    entry.update(facts_of(unit.counters));
    facts.append(unit.instance, std::move(entry));
  }
  return facts;
}

Facts critical_path_of(const std::vector<CriticalTime>& path) {
  Facts facts;
  for (const CriticalTime& time : path)
    facts.set(time.account, Facts{{"work", time.work}, {"latency", time.latency}});
  return facts;
}

Facts limiter_of(const Comparison& comparison) {
  const Limiter& limiter = comparison.run.limiter;
  Facts facts{{"name", limiter.name}, {"share", limiter.share}};
  if (const auto verdict = comparison.verdict()) {
    facts.set("gain", verdict->gain);
    facts.set("best_gain", verdict->best_gain);
    facts.set("best", verdict->best);
    facts.set("confirmed", verdict->confirmed ? Fact(*verdict->confirmed) : Fact());
  }
  return facts;
}

Fact::List what_if_of(const std::vector<WhatIf>& rows) {
  Fact::List list;
  for (const WhatIf& row : rows) {
    Facts facts{{"resource", row.resource},
                {"unit", row.unit},
                {"settings", row.settings},
                {"cycles", row.cycles},
                {"gain", row.gain}};
    if (!row.refused.empty()) facts.set("refused", row.refused);
    list.emplace_back(std::move(facts));
  }
  return list;
}

Facts performance_facts(const RunResult& run) {
  const Performance figures = performance_of(run);
  return {{"gop_per_s", figures.gop_per_s},
          {"dense_gop_per_s", figures.dense_gop_per_s},
          {"power_w", figures.power_w},
          {"energy_delay_js", figures.energy_delay_js},
          {"mac_utilisation", figures.mac_utilisation},
          {"ops_per_byte", figures.ops_per_byte},
          {"bandwidth_share", figures.bandwidth_share},
          {"roof_share", figures.roof_share},
          {"roof", figures.roof}};
}

Facts memory_of(const MemoryUse& memory) {
  Facts facts{{"model", memory.model},
              {"read_bytes", facts_of(memory.read_bytes)},
              {"written_bytes", facts_of(memory.written_bytes)}};
  facts.update(facts_of(memory.counters));
  if (!memory.dram) return facts;
  facts.set("own_cycles", memory.dram->result.cycles);
  facts.set("tck_ps", memory.dram->config.timing.tck_ps);
  facts.update(dram_facts(memory.dram->config, memory.dram->result));
  return facts;
}

Facts costs_of(const std::vector<UnitCost>& units) {
  Facts by_unit;
  for (const UnitCost& unit : units) {
    Facts items;
    for (const CostItem& item : unit.items) items.set(item.kind, item.value);
    by_unit.append(unit.instance, std::move(items));
  }
  return {{"total", total_of(units)}, {"units", std::move(by_unit)}};
}

Facts area_of(const AreaReport& area) {
  Facts facts = costs_of(area.units);
  facts.set("leaves_out", area.leaves_out);
  return facts;
}

Facts fidelity_of(const Fidelity& fidelity) {
  Facts facts{{"relative_frobenius", fidelity.error.relative_frobenius()},
              {"cosine", fidelity.error.cosine()},
              {"mass_kept", fidelity.mass_kept()}};
  if (fidelity.causes.empty()) return facts;
  Facts causes;
  for (const ErrorCause& cause : fidelity.causes)
    causes.set(cause.name, Facts{{"relative_frobenius", cause.error.relative_frobenius()},
                                 {"cosine", cause.error.cosine()}});
  facts.set("causes", std::move(causes));
  return facts;
}

Facts error_of(const RunResult& run) {
  Fact::List layers;
  for (std::size_t l = 0; l < run.layers.size(); ++l) {
    Facts layer{{"layer", l}};
    layer.update(fidelity_of(run.layers[l]));
    layers.emplace_back(std::move(layer));
  }
  return {{"total", fidelity_of(run.fidelity)}, {"layers", std::move(layers)}};
}

Fact::List phases_of(const std::vector<PhaseSpan>& spans) {
  const bool several = std::ranges::any_of(spans, &PhaseSpan::sequence);
  Fact::List phases;
  phases.reserve(spans.size());
  for (const PhaseSpan& span : spans) {
    Facts phase{{"name", span.name}};
    if (several) phase.set("sequence", span.sequence);
    phase.update({{"layer", span.layer},
                  {"problem", span.problem},
                  {"head", span.head},
                  {"start", span.start},
                  {"end", span.end}});
    phases.emplace_back(std::move(phase));
  }
  return phases;
}

Fact::List rows_of(const Matrix<std::int64_t>& counts) {
  Fact::List rows;
  for (std::int64_t i = 0; i < counts.rows(); ++i)
    rows.emplace_back(std::vector<std::int64_t>(counts.row(i).begin(), counts.row(i).end()));
  return rows;
}

Fact::List maps_of(const std::vector<HeadMap>& maps) {
  Fact::List list;
  for (const HeadMap& map : maps)
    list.emplace_back(Facts{{"sequence", map.sequence},
                            {"layer", map.name.layer},
                            {"head", map.name.head},
                            {"queries", map.queries},
                            {"keys", map.keys},
                            {"cell_queries", map.cell_queries},
                            {"cell_keys", map.cell_keys},
                            {"kept", rows_of(map.kept)},
                            {"allowed", rows_of(map.allowed)}});
  return list;
}

void add_detail(const RunResult& run, Facts& report) {
  if (!run.phases.empty()) report.set("phases", phases_of(run.phases));
  if (!run.rows.empty()) report.set("rows", run.rows);
}

}  // namespace

Facts report_facts(const Comparison& comparison, bool detail) {
  const RunResult& run = comparison.run;
  Facts report{{"format", "report-1"},
               {"hdpsim", Facts{{"version", kVersion}}},
               {"machine", run.machine.name},
               {"kind", run.machine.kind},
               {"config_sha256", sha256_hex(run.machine.text)},
               {"workload", run.workload},
               {"seed", run.machine.seed},
               {"cycles", run.cycles},
               {"clock_mhz", run.machine.clock_mhz},
               {"time_ns", run.time_ns()},
               {"baseline", baseline_of(comparison)},
               {"limiter", limiter_of(comparison)},
               {"critical_path", critical_path_of(run.critical_path)},
               {"units", units_of(run.units)},
               {"memory", memory_of(run.memory)},
               {"macs", run.macs},
               {"resources", Facts{{"multipliers", run.machine.resources.multipliers},
                                   {"sram_bytes", run.machine.resources.sram_bytes},
                                   {"peak_bytes_per_s", run.machine.resources.peak_bytes_per_s}}},
               {"utilisation", run.utilisation()},
               {"performance", performance_facts(run)}};
  report.set("energy_pj", run.energy_pj ? Fact(costs_of(*run.energy_pj)) : Fact());
  report.set("area_um2", run.area ? Fact(area_of(*run.area)) : Fact());
  if (!run.decisions.empty()) report.set("decisions", run.decisions);
  if (!run.reference_decisions.empty()) report.set("decisions_reference", run.reference_decisions);
  if (!comparison.what_if.empty()) report.set("what_if", what_if_of(comparison.what_if));
  if (!run.layers.empty()) report.set("error", error_of(run));
  Facts sections;
  for (const NamedFacts& section : run.sections) sections.set(section.name, section.facts);
  report.set("sections", std::move(sections));
  report.set("remarks", run.remarks);
  if (!run.maps.empty()) report.set("maps", maps_of(run.maps));
  if (detail) add_detail(run, report);
  report.set("provenance", run.machine.provenance);
  report.set("sources", run.machine.sources);
  report.set("config", parse_facts(run.machine.text, run.machine.name));
  return report;
}

std::string report_json(const Comparison& comparison, bool detail) {
  return facts_text(report_facts(comparison, detail));
}

}  // namespace hdp
