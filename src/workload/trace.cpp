// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <fmt/format.h>

#include "workload/trace_contents.hpp"
#include <hdp/base/check.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {
namespace {

std::size_t index(TensorKind kind) { return static_cast<std::size_t>(kind); }

const Trace::Contents::Layer& layer_of(const Trace::Contents& trace, std::int64_t layer) {
  HDP_CHECK(layer >= 0 && std::cmp_less(layer, trace.layers.size()), "no such layer");
  return trace.layers[static_cast<std::size_t>(layer)];
}

}  // namespace

std::string tensor_name(std::int64_t layer, TensorKind kind) {
  return fmt::format("layers.{}.{}", layer, name_of(kind));
}

Trace::Trace(std::shared_ptr<const Contents> contents) : contents_(std::move(contents)) {
  HDP_CHECK(contents_ != nullptr, "a trace has contents");
}

const std::string& Trace::name() const { return contents_->name; }
const std::string& Trace::sha256() const { return contents_->sha256; }
Stage Trace::stage() const { return contents_->stage; }
bool Trace::causal() const { return contents_->causal; }
std::int64_t Trace::n_ctx() const { return contents_->n_ctx; }
std::int64_t Trace::steps() const { return contents_->steps; }
std::int64_t Trace::layers() const { return std::ssize(contents_->layers); }
const Metadata& Trace::metadata() const { return contents_->file.metadata(); }
const Safetensors& Trace::file() const { return contents_->file; }

const LayerShape& Trace::shape(std::int64_t layer) const {
  return layer_of(*contents_, layer).shape;
}

const TensorView& Trace::tensor(std::int64_t layer, TensorKind kind) const {
  return *layer_of(*contents_, layer).tensors.at(index(kind));
}

ElementType Trace::element_type(std::int64_t layer, TensorKind kind) const {
  return tensor(layer, kind).type;
}

std::optional<double> Trace::scale(std::int64_t layer, TensorKind kind) const {
  return layer_of(*contents_, layer).scales.at(index(kind));
}

std::int64_t Trace::kv_head(std::int64_t layer, std::int64_t head) const {
  const LayerShape& s = shape(layer);
  HDP_CHECK(head >= 0 && head < s.heads, "no such head");
  return head / (s.heads / s.kv_heads);
}

std::span<const std::byte> Trace::head(std::int64_t layer, TensorKind kind,
                                       std::int64_t stored_head) const {
  const TensorView& view = tensor(layer, kind);
  HDP_CHECK(stored_head >= 0 && stored_head < view.shape[0], "no such stored head");
  const std::size_t size = view.bytes.size() / static_cast<std::size_t>(view.shape[0]);
  return view.bytes.subspan(static_cast<std::size_t>(stored_head) * size, size);
}

void Trace::read_head(std::int64_t layer, TensorKind kind, std::int64_t stored_head,
                      std::span<double> out) const {
  widen(element_type(layer, kind), head(layer, kind, stored_head), out);
}

Matrix<double> Trace::read_head(std::int64_t layer, TensorKind kind,
                                std::int64_t stored_head) const {
  const LayerShape& s = shape(layer);
  Matrix<double> rows(s.rows(kind), s.d);
  read_head(layer, kind, stored_head, rows.values());
  return rows;
}

void read_values(const Trace& trace, std::int64_t layer, TensorKind kind, std::int64_t stored,
                 Matrix<double>& values) {
  const LayerShape& shape = trace.shape(layer);
  values.resize(shape.rows(kind), shape.d);
  trace.read_head(layer, kind, stored, values.values());
  if (const auto scale = trace.scale(layer, kind)) values.eigen() *= *scale;
}

}  // namespace hdp
