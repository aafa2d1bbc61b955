// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "workload/message.hpp"
#include "workload/safetensors_header.hpp"
#include <hdp/base/error.hpp>
#include <hdp/workload/make_trace.hpp>

namespace hdp {
namespace {

using Heads = std::vector<MatrixView<const double>>;

const Heads& heads_of(const LayerMatrices& layer, TensorKind kind) {
  return kind == TensorKind::Q ? layer.q : kind == TensorKind::K ? layer.k : layer.v;
}

/// The entry of the header; all heads must be like the first.
TensorView tensor_of(std::string name, const Heads& heads) {
  const MatrixView<const double> first = heads.empty() ? MatrixView<const double>{} : heads[0];
  for (std::size_t h = 1; h < heads.size(); ++h) {
    const std::int64_t rows = heads[h].rows(), columns = heads[h].columns();
    if (rows == first.rows() && columns == first.columns()) continue;
    throw UserError({.path = detail::tensor_label(name),
                     .problem = fmt::format("head {} is {} x {}", h, rows, columns),
                     .allowed = fmt::format("{} x {} as head 0", first.rows(), first.columns())});
  }
  return {.name = std::move(name),
          .type = ElementType::F64,
          .shape = {std::ssize(heads), first.rows(), first.columns()},
          .bytes = {}};
}

Metadata metadata_of(const TraceDescription& description, std::span<const LayerMatrices> layers) {
  Metadata metadata{{"stage", std::string(name_of(description.stage))}};
  if (description.stage == Stage::Prefill) {
    if (description.n_ctx != 0)
      throw UserError({.path = "n_ctx",
                       .problem = fmt::format("{} in prefill", description.n_ctx),
                       .allowed = "0, all keys come from k"});
    metadata["causal"] = description.causal ? "true" : "false";
    return metadata;
  }
  const bool any = !layers.empty() && !layers[0].q.empty();
  metadata["n_ctx"] = std::to_string(description.n_ctx);
  metadata["steps"] = std::to_string(any ? layers[0].q[0].rows() : 0);
  return metadata;
}

void append(std::span<const std::byte> more, std::vector<std::byte>& bytes) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

std::vector<std::byte> file_of(const TraceDescription& description,
                               std::span<const LayerMatrices> layers) {
  std::vector<TensorView> tensors;
  std::vector<std::span<const double>> data;
  std::size_t values = 0;
  for (std::int64_t l = 0; const LayerMatrices& layer : layers) {
    for (const TensorKind kind : kTensorKinds) {
      tensors.push_back(tensor_of(tensor_name(l, kind), heads_of(layer, kind)));
      for (const auto& head : heads_of(layer, kind))
        values += data.emplace_back(head.values()).size();
    }
    ++l;
  }
  const std::string header = detail::write_header(tensors, metadata_of(description, layers));
  std::vector<std::byte> bytes;
  bytes.reserve(header.size() + values * sizeof(double));
  append(std::as_bytes(std::span(header)), bytes);
  for (const auto& head : data) append(std::as_bytes(head), bytes);
  return bytes;
}

}  // namespace

Trace make_trace(const TraceDescription& description, std::span<const LayerMatrices> layers) {
  std::vector<std::byte> bytes;
  try {
    bytes = file_of(description, layers);
  } catch (const UserError& error) {
    throw error.within(description.name);
  }
  return trace_from_bytes(std::move(bytes), description.name);
}

}  // namespace hdp
