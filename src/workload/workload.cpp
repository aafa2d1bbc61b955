// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <hdp/base/digest.hpp>
#include <hdp/workload/spatten_summary.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {

Facts shape_facts(const Trace& trace) {
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
          {"d", shape.d}};
}

const SpattenWorkload* Workload::rows() const {
  const auto* rows = std::get_if<std::shared_ptr<const SpattenWorkload>>(&what_);
  return rows == nullptr ? nullptr : rows->get();
}

const std::string& Workload::name() const {
  return trace() != nullptr ? trace()->name() : rows()->name;
}

const std::string& Workload::sha256() const {
  return trace() != nullptr ? trace()->sha256() : rows()->sha256;
}

std::string Workload::fingerprint() const {
  return trace() != nullptr ? sha256() : sha256_hex(write_spatten_workload(*rows()));
}

Stage Workload::stage() const {
  if (trace() != nullptr) return trace()->stage();
  return rows()->format == SpattenFormat::Prefill ? Stage::Prefill : Stage::Decode;
}

std::string Workload::shape_text() const {
  if (trace() != nullptr) {
    const LayerShape& shape = trace()->shape(0);
    return fmt::format("{} layers x {} heads, d {}, {} keys", trace()->layers(), shape.heads,
                       shape.d, shape.n_k);
  }
  const SpattenSummary summary = summarise(*rows());
  return fmt::format("{} rows: {} layers x {} heads, {} iterations", summary.all.rows,
                     summary.layers.size(), summary.all.heads, summary.iterations);
}

Facts Workload::facts() const {
  if (trace() != nullptr) {
    Facts facts = shape_facts(*trace());
    facts.update({{"n_ctx", trace()->n_ctx()}, {"steps", trace()->steps()}});
    return facts;
  }
  const SpattenSummary summary = summarise(*rows());
  return {{"name", name()},
          {"sha256", sha256()},
          {"stage", name_of(stage())},
          {"rows", summary.all.rows},
          {"iterations", summary.iterations},
          {"layers", summary.layers.size()},
          {"heads", summary.all.heads},
          {"steps", summary.iterations}};
}

}  // namespace hdp
