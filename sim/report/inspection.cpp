// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/json_text.hpp"
#include <hdp/report/inspection.hpp>
#include <hdp/workload/inspect.hpp>

namespace hdp {

std::string inspection_json(const Trace& trace) {
  Json json = {{"format", "inspection-1"},      {"name", trace.name()},
               {"sha256", trace.sha256()},      {"stage", name_of(trace.stage())},
               {"causal", trace.causal()},      {"layers", trace.layers()},
               {"heads", trace.shape(0).heads}, {"kv_heads", trace.shape(0).kv_heads},
               {"n_q", trace.shape(0).n_q},     {"n_k", trace.shape(0).n_k},
               {"d", trace.shape(0).d}};
  Json metadata = Json::object();
  for (const auto& [key, value] : trace.metadata()) metadata[key] = value;
  json["metadata"] = std::move(metadata);
  Json tensors = Json::array();
  for (const TensorRow& row : tensor_rows(trace.file()))
    tensors.push_back({{"name", row.name},
                       {"type", name_of(row.type)},
                       {"shape", row.shape},
                       {"bytes", row.bytes}});
  json["tensors"] = std::move(tensors);
  Json kinds = Json::object();
  for (const KindSummary& kind : summarise(trace)) {
    Json beyond = Json::object();
    for (std::size_t p = 0; p < kPowers; ++p)
      beyond[fmt::format("{}", 1U << p)] = kind.share_beyond[p];
    kinds[std::string(name_of(kind.kind))] = {{"count", kind.count},
                                              {"max_abs", kind.max_abs},
                                              {"mean", kind.mean},
                                              {"standard_deviation", kind.standard_deviation},
                                              {"share_beyond", std::move(beyond)}};
  }
  json["kinds"] = std::move(kinds);
  return json_text(json);
}

std::string inspection_text(const Trace& trace) {
  const LayerShape& shape = trace.shape(0);
  std::string text =
      fmt::format("{}: {}, {}, {} layers, {} query heads on {} kv heads, d {}, ", trace.name(),
                  name_of(trace.stage()), trace.causal() ? "causal" : "not causal", trace.layers(),
                  shape.heads, shape.kv_heads, shape.d);
  text += trace.stage() == Stage::Decode
              ? fmt::format("context {} + {} steps\n", trace.n_ctx(), trace.steps())
              : fmt::format("{} queries, {} keys\n", shape.n_q, shape.n_k);
  text += fmt::format("sha256 {}\n", trace.sha256());
  for (const auto& [key, value] : trace.metadata()) text += fmt::format("  {}: {}\n", key, value);
  text += fmt::format("\n{:<6}{:>12}{:>12}{:>12}{:>12}   share of |x| beyond\n", "values", "count",
                      "max |x|", "mean", "std");
  for (const KindSummary& kind : summarise(trace)) {
    text += fmt::format("{:<6}{:>12}{:>12.4f}{:>12.4f}{:>12.4f}  ", name_of(kind.kind), kind.count,
                        kind.max_abs, kind.mean, kind.standard_deviation);
    for (std::size_t p = 0; p < kPowers; ++p)
      text += fmt::format(" {}: {:.3g}%", 1U << p, 100 * kind.share_beyond[p]);
    text += '\n';
  }
  text += '\n';
  for (const TensorRow& row : tensor_rows(trace.file()))
    text += fmt::format("{:<20} {:<5} [{}] {} bytes\n", row.name, name_of(row.type),
                        fmt::join(row.shape, ", "), row.bytes);
  return text;
}

}  // namespace hdp
