// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "report/hdp_decisions_json.hpp"
#include "report/report_parts.hpp"
#include <hdp/config/section.hpp>
#include <hdp/report/run_report.hpp>

namespace hdp {
namespace {

Json workload_json(const Trace& trace) {
  const LayerShape& shape = trace.shape(0);
  return {{"name", trace.name()},
          {"sha256", trace.sha256()},
          {"stage", name_of(trace.stage())},
          {"causal", trace.causal()},
          {"layers", trace.layers()},
          {"heads", shape.heads},
          {"kv_heads", shape.kv_heads},
          {"n_q", shape.n_q},
          {"n_k", shape.n_k},
          {"d", shape.d},
          {"n_ctx", trace.n_ctx()},
          {"steps", trace.steps()}};
}

Json baseline_json(const Comparison& comparison) {
  if (!comparison.baseline) return nullptr;
  const RunResult& base = *comparison.baseline;
  return {{"machine", comparison.baseline_name},
          {"cycles", base.cycles},
          {"time_ns", base.time_ns()},
          {"speedup", base.time_ns() / comparison.run.time_ns()},
          {"energy_ratio", base.energy.total_pj() / comparison.run.energy.total_pj()},
          {"energy_pj", base.energy.total_pj()}};
}

Json tensors_json(const TensorBytes& bytes, bool pruning, bool written) {
  Json json = Json::object();
  for (std::size_t t = 0; t < kTensors; ++t) {
    const auto tensor = static_cast<Tensor>(t);
    const bool plane = tensor < Tensor::Q;
    const bool relevant = tensor == Tensor::Out    ? written
                          : written                ? false
                          : tensor == Tensor::KLsb ? false
                                                   : tensor == Tensor::V || plane == pruning;
    if (relevant || bytes[t] != 0) json[std::string(name_of(tensor))] = bytes[t];
  }
  return json;
}

/// What the memory is, as the user would name it.
std::string memory_name(const RunResult& run) {
  if (run.dram) return run.dram->config.name;
  return run.foreign_memory ? "foreign" : std::string(kIdealMemory);
}

Json memory_json(const RunResult& run) {
  return memory_json(memory_name(run),
                     {tensors_json(run.read_bytes, run.config.pruning, false),
                      tensors_json(run.written_bytes, run.config.pruning, true)},
                     run.memory, run.dram);
}

Json macs_json(const RunResult& run) {
  const auto macs = [&](Phase phase) { return run.totals.macs[static_cast<std::size_t>(phase)]; };
  if (!run.config.pruning) return {{"score", macs(Phase::Score)}, {"value", macs(Phase::Value)}};
  return {{"integer", macs(Phase::Integer)},
          {"fraction", macs(Phase::Fraction)},
          {"value", macs(Phase::Value)},
          {"recompute", run.totals.recompute_macs}};
}

/// Sparsities compose: density = cascade x blocks and heads of what the cascade left.
Json cascade_json(const RunResult& run) {
  std::int64_t dense = 0, live = 0, kept = 0;
  const auto sparsity = [](std::int64_t part, std::int64_t whole) {
    return whole == 0 ? 0.0 : 1.0 - static_cast<double>(part) / static_cast<double>(whole);
  };
  Json layers = Json::array();
  for (std::size_t l = 0; l < run.cascade.size(); ++l) {
    const CascadeLayer& layer = run.cascade[l];
    dense += layer.dense_entries;
    live += layer.live_entries;
    kept += layer.kept_entries;
    layers.push_back({{"layer", l},
                      {"live_tokens", layer.live_tokens},
                      {"kept_tokens", layer.kept_tokens},
                      {"live_heads", layer.live_heads},
                      {"kept_heads", layer.kept_heads},
                      {"dense_entries", layer.dense_entries},
                      {"live_entries", layer.live_entries},
                      {"kept_entries", layer.kept_entries},
                      {"ranking_cycles", layer.ranking_cycles}});
  }
  return {{"dense_entries", dense},
          {"live_entries", live},
          {"kept_entries", kept},
          {"cascade_sparsity", sparsity(live, dense)},
          {"hdp_sparsity", sparsity(kept, live)},
          {"sparsity", sparsity(kept, dense)},
          {"layers", std::move(layers)}};
}

Json layouts_json(const RunResult& run) {
  Json layers = Json::array();
  for (const Layout& layout : run.layouts) {
    if (run.config.pruning)
      layers.push_back({{"score_store", layout.keep_scores ? "keep" : "recompute"},
                        {"q_int_resident", layout.q_int_resident},
                        {"k_int_resident", layout.k_int_resident},
                        {"k_frac_resident", layout.k_frac_resident},
                        {"v_resident", layout.v_resident}});
    else
      layers.push_back({{"k_resident", layout.k_resident}, {"v_resident", layout.v_resident}});
  }
  return layers;
}

Json phases_json(const RunResult& run) {
  Json phases = Json::array();
  for (const RunRecord& record : run.records) {
    for (std::size_t p = 0; p < kRecordedPhases; ++p) {
      const PhaseRecord& phase = record.head.phases[p];
      if (!phase.happened()) continue;
      phases.push_back({{"name", EnumNames<RecordedPhase>::kNames[p]},
                        {"layer", record.head.layer},
                        {"problem", record.problem},
                        {"head", record.head.head},
                        {"start", phase.start.index},
                        {"end", phase.end.index}});
    }
  }
  return phases;
}

}  // namespace

std::string report_json(const Comparison& comparison, const Trace& trace, bool detail) {
  const RunResult& run = comparison.run;
  const Limiter limiter = limiter_of(run);
  const std::string config = machine_text(run.config);
  Json json = head_json({.machine = run.config.name,
                         .config = config,
                         .seed = run.config.seed,
                         .cycles = run.cycles,
                         .clock_mhz = run.config.clock_mhz,
                         .time_ns = run.time_ns()},
                        workload_json(trace));
  json["precision"] = name_of(run.config.core.pe_array.precision);
  json["baseline"] = baseline_json(comparison);
  json["limiter"] = {{"name", limiter.name}, {"share", limiter.share}};
  json["units"] = units_json(run.units);
  json["memory"] = memory_json(run);
  json["macs"] = macs_json(run);
  json["energy_pj"] = costs_json(run.energy.energy_pj, run.energy.total_pj());
  json["area_um2"] = costs_json(run.energy.area_um2, run.energy.total_um2());
  json["area_um2"]["leaves_out"] = "control, wires, registers, fetch unit, DRAM";
  json["fraction_bits_used"] = {{"qk", run.formats.qk.fraction_bits},
                                {"v", run.formats.v.fraction_bits}};
  if (run.config.pruning) {
    json["decisions"] = to_json(run.decisions);
    json["imbalance"] = run.imbalance;
  }
  if (!run.cascade.empty()) json["cascade"] = cascade_json(run);
  if (!run.layers.empty()) json["error"] = error_json(run.layers, run.fidelity);
  json["layouts"] = layouts_json(run);
  json["remarks"] = remarks_of(comparison);
  if (detail) json["phases"] = phases_json(run);
  HdpConfig of_run = run.config, defaults;
  json["provenance"] = provenance_json(bind(of_run), bind(defaults));
  json["config"] = Json::parse(config);
  return json_text(json);
}

}  // namespace hdp
