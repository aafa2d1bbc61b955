// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/one_line.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/report/inspection.hpp>
#include <hdp/workload/inspect.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {
namespace {

Facts facts_of(const ValueSummary& values) {
  Facts beyond;
  for (std::size_t p = 0; p < kPowers; ++p)
    beyond.set(fmt::format("{}", 1U << p), values.share_beyond[p]);
  return {{"count", values.count},
          {"max_abs", values.max_abs},
          {"mean", values.mean},
          {"standard_deviation", values.standard_deviation},
          {"share_beyond", std::move(beyond)}};
}

Facts facts_of(const Metadata& metadata) {
  Facts facts;
  for (const auto& [key, value] : metadata) facts.append(key, value);
  return facts;
}

Facts facts_of(const TensorRow& row) {
  return {
      {"name", row.name}, {"type", name_of(row.type)}, {"shape", row.shape}, {"bytes", row.bytes}};
}

constexpr std::size_t kNameWidth = 8;
constexpr std::size_t kLongestName = 64;

std::string value_header(std::size_t width) {
  return fmt::format("\n{:<{}}{:>12}{:>12}{:>12}{:>12}   share of |x| beyond\n", "values", width,
                     "count", "max |x|", "mean", "std");
}

std::string value_line(std::string_view name, std::size_t width, const ValueSummary& values) {
  std::string text =
      fmt::format("{:<{}}{:>12}{:>12.4f}{:>12.4f}{:>12.4f}  ", name, width, values.count,
                  values.max_abs, values.mean, values.standard_deviation);
  for (std::size_t p = 0; p < kPowers; ++p)
    text += fmt::format(" {}: {:.3g}%", 1U << p, 100 * values.share_beyond[p]);
  return text + '\n';
}

std::string metadata_text(const Metadata& metadata) {
  std::string text;
  for (const auto& [key, value] : metadata)
    text += fmt::format("  {}: {}\n", one_line(key), one_line(value));
  return text;
}

std::string rows_text(const Safetensors& file) {
  std::vector<TensorRow> rows = tensor_rows(file);
  std::size_t width = 0;
  for (TensorRow& row : rows) {
    row.name = one_line(row.name, kLongestName);
    width = std::max(width, row.name.size());
  }
  std::string text = "\n";
  for (const TensorRow& row : rows)
    text += fmt::format("{:<{}}  {:<5} [{}] {} bytes\n", row.name, width, name_of(row.type),
                        fmt::join(row.shape, ", "), row.bytes);
  return text;
}

}  // namespace

namespace {

Facts inspection_of(const Trace& trace) {
  Fact::List tensors;
  for (const TensorRow& row : tensor_rows(trace.file())) tensors.emplace_back(facts_of(row));
  Facts kinds;
  for (const KindSummary& kind : summarise(trace))
    kinds.set(std::string(name_of(kind.kind)), facts_of(kind));
  Facts facts = shape_facts(trace);
  facts.update({{"metadata", facts_of(trace.metadata())},
                {"tensors", std::move(tensors)},
                {"kinds", std::move(kinds)}});
  return facts;
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
  text += fmt::format("sha256 {}\n", trace.sha256()) + metadata_text(trace.metadata());
  text += value_header(kNameWidth);
  for (const KindSummary& kind : summarise(trace))
    text += value_line(name_of(kind.kind), kNameWidth, kind);
  return text + rows_text(trace.file());
}

}  // namespace

std::string inspection_json(const Workload& workload) {
  Facts facts{{"format", "inspection-1"}};
  if (const Trace* trace = workload.trace()) {
    facts.update(inspection_of(*trace));
  } else {
    facts.update(workload.facts());
    if (workload.encoder() != nullptr) return facts_text(facts);
    Fact::List sequences;
    for (const Trace& sequence : workload.sequences())
      sequences.emplace_back(inspection_of(sequence));
    facts.set("sequences", std::move(sequences));
  }
  return facts_text(facts);
}

std::string inspection_text(const Workload& workload) {
  if (const Trace* trace = workload.trace()) return inspection_text(*trace);
  std::string text =
      fmt::format("{}: {}, {}\nsha256 {}\n", workload.name(), name_of(workload.stage()),
                  workload.shape_text(), workload.sha256());
  for (const Trace& sequence : workload.sequences()) text += '\n' + inspection_text(sequence);
  return text;
}

std::string inspection_json(const Safetensors& file, std::string_view name,
                            std::string_view sha256) {
  Fact::List tensors;
  for (const TensorView& tensor : file.tensors()) {
    Facts facts =
        facts_of(TensorRow{tensor.name, tensor.type, tensor.shape, std::ssize(tensor.bytes)});
    facts.set("values", facts_of(summarise(tensor)));
    tensors.emplace_back(std::move(facts));
  }
  return facts_text(Facts{{"format", "inspection-1"},
                          {"name", name},
                          {"sha256", sha256},
                          {"metadata", facts_of(file.metadata())},
                          {"tensors", std::move(tensors)}});
}

std::string inspection_text(const Safetensors& file, std::string_view name,
                            std::string_view sha256) {
  std::string text = fmt::format("{}: no attention trace, {} tensors\nsha256 {}\n", name,
                                 file.tensors().size(), sha256);
  text += metadata_text(file.metadata());
  std::size_t width = kNameWidth;
  for (const TensorView& tensor : file.tensors())
    width = std::max(width, one_line(tensor.name, kLongestName).size() + 1);
  text += value_header(width);
  for (const TensorView& tensor : file.tensors())
    text += value_line(one_line(tensor.name, kLongestName), width, summarise(tensor));
  return text + rows_text(file);
}

}  // namespace hdp
