// SPDX-License-Identifier: Apache-2.0
#include "report/report_parts.hpp"

#include <functional>
#include <map>

#include "report/dram_use_json.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/version.hpp>
#include <hdp/config/walk.hpp>
#include <hdp/config/write.hpp>

namespace hdp {
namespace {

Json fidelity_json(const Fidelity& fidelity) {
  return {{"relative_frobenius", or_null(fidelity.error.relative_frobenius())},
          {"cosine", or_null(fidelity.error.cosine())},
          {"mass_kept", fidelity.mass_kept()}};
}

}  // namespace

Json head_json(const ReportHead& head, Json workload) {
  return {{"format", "report-1"},
          {"hdpsim", {{"version", kVersion}}},
          {"machine", head.machine},
          {"config_sha256", sha256_hex(head.config)},
          {"workload", std::move(workload)},
          {"seed", head.seed},
          {"cycles", head.cycles},
          {"clock_mhz", head.clock_mhz},
          {"time_ns", head.time_ns}};
}

Json units_json(const std::vector<UnitReport>& units) {
  Json json = Json::object();
  for (const UnitReport& unit : units) {
    Json blocked = Json::object();
    for (const Counter& reason : unit.blocked) blocked[reason.name] = reason.value;
    Json entry = {{"kind", unit.kind},
                  {"cycles",
                   {{"total", unit.total},
                    {"idle", unit.idle},
                    {"busy", unit.busy},
                    {"blocked", std::move(blocked)}}}};
    for (const Counter& counter : unit.counters) entry[counter.name] = counter.value;
    json[unit.instance] = std::move(entry);
  }
  return json;
}

Json memory_json(const std::string& name, TensorsJson tensors, const MemoryStats& stats,
                 const std::optional<DramUse>& dram) {
  Json json = {{"model", name},
               {"read_bytes", std::move(tensors.read)},
               {"written_bytes", std::move(tensors.written)},
               {"moved_bytes", stats.moved_bytes},
               {"row_hits", 0},
               {"row_misses", 0},
               {"row_conflicts", 0}};
  if (!dram) return json;
  json["own_cycles"] = dram->result.cycles;
  json["tck_ps"] = dram->config.timing.tck_ps;
  json.update(dram_use_json(dram->config, dram->result));
  return json;
}

Json costs_json(const std::vector<UnitCost>& units, double total) {
  Json by_unit = Json::object();
  for (const UnitCost& unit : units) {
    Json items = Json::object();
    for (const CostItem& item : unit.items) items[item.kind] = item.value;
    by_unit[unit.instance] = std::move(items);
  }
  return {{"total", total}, {"units", std::move(by_unit)}};
}

Json error_json(std::span<const Fidelity> of_layers, const Fidelity& total) {
  Json layers = Json::array();
  for (std::size_t l = 0; l < of_layers.size(); ++l) {
    Json layer = {{"layer", l}};
    layer.update(fidelity_json(of_layers[l]));
    layers.push_back(std::move(layer));
  }
  return {{"total", fidelity_json(total)}, {"layers", std::move(layers)}};
}

Json settings_provenance_json(const Section& config, const Section& defaults) {
  Json json = Json::object();
  std::map<std::string, std::string, std::less<>> default_texts;
  for_each_setting(defaults, [&](std::string_view path, const Setting& setting) {
    default_texts.emplace(path, value_text(setting));
  });
  for_each_setting(config, [&](std::string_view path, const Setting& setting) {
    if (path.starts_with("energy.") || path.starts_with("memory.dram.")) return;
    if (path == "name" || path == "seed") return;
    const bool is_default = default_texts.find(path)->second == value_text(setting);
    json[std::string(path)] = source_text(is_default ? setting.source : Source::Ours);
  });
  return json;
}

Json provenance_json(const Section& config, const Section& defaults) {
  Json json = settings_provenance_json(config, defaults);
  json["memory.dram"] = "ours";  // the choice; its values name their source in the configuration
  json["energy"] = "recalled";   // every entry of the table names its source in the configuration
  json["cycle_model"] = "ours";
  return json;
}

}  // namespace hdp
