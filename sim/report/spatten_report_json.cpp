// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "report/json_text.hpp"
#include "report/report_parts.hpp"
#include "report/spatten_facts.hpp"
#include <hdp/config/section.hpp>
#include <hdp/config/write.hpp>
#include <hdp/report/spatten_report.hpp>
#include <hdp/workload/spatten_summary.hpp>

namespace hdp {
namespace {

Json workload_json(const SpattenInput& input) {
  return {{"name", input.name},     {"sha256", input.sha256}, {"stage", input.stage},
          {"layers", input.layers}, {"heads", input.heads},   {"steps", input.steps}};
}

Json baseline_json(const SpattenComparison& comparison) {
  if (!comparison.baseline) return nullptr;
  const SpattenResult& base = *comparison.baseline;
  return {{"machine", comparison.baseline_name},
          {"cycles", base.cycles},
          {"time_ns", base.time_ns()},
          {"speedup", base.time_ns() / comparison.run.time_ns()},
          {"energy_ratio", base.energy.total_pj() / comparison.run.energy.total_pj()},
          {"energy_pj", base.energy.total_pj()},
          {"read_bytes", sum_of(base.read_bytes)}};
}

Json tensors_json(const TensorBytes& bytes, bool written) {
  Json json = Json::object();
  for (const Tensor tensor : {Tensor::Q, Tensor::K, Tensor::KLsb, Tensor::V, Tensor::Out}) {
    if ((tensor == Tensor::Out) != written) continue;
    json[std::string(name_of(tensor))] = bytes[static_cast<std::size_t>(tensor)];
  }
  return json;
}

Json decisions_json(const SpattenResult& run) {
  const SpattenTotals& totals = run.totals;
  Json json = {{"heads", totals.passes},
               {"queries", totals.queries},
               {"lsb_rows", totals.second_passes},
               {"top_k_queries", totals.top_k_queries}};
  if (!run.decisions) return json;
  const SpattenCounts& counts = run.decisions->total;
  json["entries"] = counts.entries;
  json["values_kept"] = counts.values_kept;
  Json layers = Json::array();
  for (const SpattenLayerDecisions& layer : run.decisions->layers) {
    std::vector<std::int64_t> heads;
    for (const auto& kept : layer.heads_kept) heads.push_back(std::ssize(kept));
    layers.push_back({{"layer", layer.layer},
                      {"live_tokens", layer.live_tokens},
                      {"kept_tokens", layer.kept_tokens},
                      {"kept_heads", heads},
                      {"lsb_rows", layer.counts.lsb_rows},
                      {"values_kept", layer.counts.values_kept}});
  }
  json["layers"] = std::move(layers);
  return json;
}

Json phases_json(const SpattenResult& run) {
  Json phases = Json::array();
  for (const SpattenPassRecord& record : run.records) {
    for (std::size_t p = 0; p < kRecordedPhases; ++p) {
      const PhaseRecord& phase = record.phases[p];
      if (!phase.happened()) continue;
      const auto which = static_cast<RecordedPhase>(p);
      phases.push_back({{"name", which == RecordedPhase::Decide ? "top_k" : name_of(which)},
                        {"layer", record.layer},
                        {"problem", record.step},
                        {"head", record.head},
                        {"start", phase.start.index},
                        {"end", phase.end.index}});
    }
  }
  return phases;
}

}  // namespace

SpattenInput input_of(const Trace& trace) {
  return {.name = trace.name(),
          .sha256 = trace.sha256(),
          .stage = std::string(name_of(trace.stage())),
          .layers = trace.layers(),
          .heads = trace.shape(0).heads,
          .steps = trace.stage() == Stage::Decode ? trace.steps() : 1};
}

SpattenInput input_of(const SpattenWorkload& workload, std::span<const SpattenRow> rows) {
  const SpattenSummary summary = summarise({.name = {},
                                            .sha256 = {},
                                            .format = workload.format,
                                            .rows = {rows.begin(), rows.end()},
                                            .trailer = {}});
  return {.name = workload.name,
          .sha256 = workload.sha256,
          .stage = workload.format == SpattenFormat::Prefill ? "prefill" : "decode",
          .layers = std::ssize(summary.layers),
          .heads = summary.all.heads,
          .steps = summary.iterations};
}

std::string machine_text(const SpattenConfig& config) {
  SpattenConfig resolved = config;
  resolved.energy_table = kInlineTable;
  return write_settings(bind(resolved));
}

std::string report_json(const SpattenComparison& comparison, const SpattenInput& input,
                        bool detail) {
  const SpattenResult& run = comparison.run;
  const Limiter limiter = limiter_of(run);
  const std::string config = machine_text(run.config);
  Json json = head_json({.machine = run.config.name,
                         .config = config,
                         .seed = run.config.seed,
                         .cycles = run.cycles,
                         .clock_mhz = run.config.clock_mhz,
                         .time_ns = run.time_ns()},
                        workload_json(input));
  json["baseline"] = baseline_json(comparison);
  json["limiter"] = {{"name", limiter.name}, {"share", limiter.share}};
  json["units"] = units_json(run.units);
  json["memory"] =
      memory_json(run.dram ? run.dram->config.name : std::string(kIdealMemory),
                  {tensors_json(run.read_bytes, false), tensors_json(run.written_bytes, true)},
                  run.memory, run.dram);
  json["macs"] = {{"score", run.totals.score_macs},
                  {"second_pass", run.totals.second_pass_macs},
                  {"value", run.totals.value_macs}};
  json["energy_pj"] = costs_json(run.energy.energy_pj, run.energy.total_pj());
  json["area_um2"] = costs_json(run.energy.area_um2, run.energy.total_um2());
  json["area_um2"]["leaves_out"] = "control, wires, registers, fetchers, softmax, top-k, DRAM";
  json["decisions"] = decisions_json(run);
  if (!run.layers.empty()) json["error"] = error_json(run.layers, run.fidelity);
  json["remarks"] = remarks_of(run, input);
  if (detail) json["phases"] = phases_json(run);
  SpattenConfig of_run = run.config, defaults;
  json["provenance"] = provenance_json(bind(of_run), bind(defaults));
  json["config"] = Json::parse(config);
  return json_text(json);
}

}  // namespace hdp
