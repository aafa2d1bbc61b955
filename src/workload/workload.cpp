// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>

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

namespace {

/// What a batch says of one of its sequences.
Facts sequence_facts(const Trace& trace) {
  const LayerShape& shape = trace.shape(0);
  return {{"name", trace.name()}, {"sha256", trace.sha256()}, {"n_q", shape.n_q},
          {"n_k", shape.n_k},     {"n_ctx", trace.n_ctx()},   {"steps", trace.steps()}};
}

Facts batch_facts(const Batch& batch) {
  const Trace& first = batch.sequences.front();
  Facts facts = shape_facts(first);
  facts.update({{"name", batch.name}, {"sha256", batch.sha256}});
  for (const char* of_one : {"n_q", "n_k"}) facts.erase(of_one);
  Fact::List sequences;
  for (const Trace& trace : batch.sequences) sequences.emplace_back(sequence_facts(trace));
  facts.set("sequences", std::move(sequences));
  return facts;
}

Facts encoder_facts(const Encoder& encoder) {
  const EncoderShape& shape = encoder.shape();
  return {{"name", encoder.name()},
          {"sha256", encoder.sha256()},
          {"stage", name_of(Stage::Prefill)},
          {"causal", shape.causal},
          {"layers", shape.layers},
          {"heads", shape.heads},
          {"kv_heads", shape.kv_heads},
          {"n_q", shape.tokens},
          {"n_k", shape.tokens},
          {"d", shape.d}};
}

/// The least and the most over the sequences: "512", "512 to 1024".
std::string range_text(std::span<const Trace> traces, std::int64_t (*value)(const Trace&)) {
  const auto [least, most] = std::ranges::minmax(traces, {}, value);
  return value(least) == value(most) ? fmt::format("{}", value(most))
                                     : fmt::format("{} to {}", value(least), value(most));
}

std::int64_t keys_of(const Trace& trace) { return trace.shape(0).n_k; }

}  // namespace

const SpattenWorkload* Workload::rows() const {
  const auto* rows = std::get_if<std::shared_ptr<const SpattenWorkload>>(&what_);
  return rows == nullptr ? nullptr : rows->get();
}

const Batch* Workload::batch() const {
  const auto* batch = std::get_if<std::shared_ptr<const Batch>>(&what_);
  return batch == nullptr ? nullptr : batch->get();
}

std::span<const Trace> Workload::sequences() const {
  if (batch() != nullptr) return batch()->sequences;
  return {trace(), trace() != nullptr ? std::size_t{1} : 0};
}

const std::string& Workload::name() const {
  if (encoder() != nullptr) return encoder()->name();
  if (batch() != nullptr) return batch()->name;
  if (trace() != nullptr) return trace()->name();
  return std::get<std::shared_ptr<const SpattenWorkload>>(what_)->name;
}

const std::string& Workload::sha256() const {
  if (encoder() != nullptr) return encoder()->sha256();
  if (batch() != nullptr) return batch()->sha256;
  if (trace() != nullptr) return trace()->sha256();
  return std::get<std::shared_ptr<const SpattenWorkload>>(what_)->sha256;
}

Workload Workload::with_layers(const std::optional<LayerWidths>& widths) const {
  Workload whole = *this;
  whole.widths_ = widths;
  return whole;
}

std::size_t Workload::bytes() const {
  std::size_t bytes = rows() == nullptr ? 0 : rows()->rows.size() * sizeof(SpattenRow);
  for (const Trace& trace : sequences())
    for (const TensorView& tensor : trace.file().tensors()) bytes += tensor.bytes.size();
  return bytes;
}

std::string Workload::fingerprint() const {
  std::string inner = rows() == nullptr ? sha256() : sha256_hex(write_spatten_workload(*rows()));
  if (widths_)
    inner = sha256_hex(
        fmt::format("{} {} {} {}", inner, widths_->hidden, widths_->ffn, widths_->gated));
  return inner;
}

Stage Workload::stage() const {
  if (encoder() != nullptr) return Stage::Prefill;
  if (rows() == nullptr) return sequences().front().stage();
  return rows()->format == SpattenFormat::Prefill ? Stage::Prefill : Stage::Decode;
}

std::string Workload::shape_text() const {
  if (encoder() != nullptr) {
    const EncoderShape& shape = encoder()->shape();
    return fmt::format("{} layers x {} heads, d {}, {} tokens, weights of {} and {}", shape.layers,
                       shape.heads, shape.d, shape.tokens, shape.hidden, shape.ffn);
  }
  if (rows() == nullptr) {
    const Trace& first = sequences().front();
    const LayerShape& shape = first.shape(0);
    const std::string text = fmt::format("{} layers x {} heads, d {}, {} keys", first.layers(),
                                         shape.heads, shape.d, range_text(sequences(), keys_of));
    return batch() == nullptr ? text : fmt::format("batch of {}, {}", sequences().size(), text);
  }
  const SpattenSummary summary = summarise(*rows());
  return fmt::format("{} rows: {} layers x {} heads, {} iterations", summary.all.rows,
                     summary.layers.size(), summary.all.heads, summary.iterations);
}

Facts Workload::facts() const {
  Facts facts = inner_facts();
  if (widths_) {
    facts.update({{"layer", "whole"}, {"hidden", widths_->hidden}, {"ffn", widths_->ffn}});
    if (widths_->gated) facts.set("gated", true);
  }
  return facts;
}

Facts Workload::inner_facts() const {
  if (encoder() != nullptr) return encoder_facts(*encoder());
  if (batch() != nullptr) return batch_facts(*batch());
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
