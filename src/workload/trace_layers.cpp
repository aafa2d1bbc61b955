// SPDX-License-Identifier: Apache-2.0
// The tensors of a trace: which there are, their shapes, and that their values are in range.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "workload/message.hpp"
#include "workload/trace_contents.hpp"
#include <hdp/base/error.hpp>
#include <hdp/workload/magnitude.hpp>

namespace hdp {
namespace {

constexpr std::string_view kPrefix = "layers.";
constexpr std::string_view kExpected = "layers.L.q, layers.L.k, layers.L.v with L = 0, 1, 2, ...";

[[noreturn]] void fail(const TensorView& tensor, std::string problem, std::string_view allowed) {
  throw UserError({.path = detail::tensor_label(tensor.name),
                   .problem = std::move(problem),
                   .allowed = std::string(allowed)});
}

/// Whether `name` is "layers.12.k" or the like; "layers.012.k" is not.
bool is_of_a_layer(std::string_view name) {
  if (!name.starts_with(kPrefix)) return false;
  const std::string_view number = name.substr(kPrefix.size());
  std::int64_t layer = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), layer);
  if (read.ec != std::errc{} || layer < 0) return false;
  return std::ranges::any_of(kTensorKinds,
                             [&](TensorKind kind) { return name == tensor_name(layer, kind); });
}

/// Names only: every tensor belongs to a layer.
void check_names(const Safetensors& file) {
  const auto& tensors = file.tensors();
  const bool any = std::ranges::any_of(
      tensors, [](const TensorView& tensor) { return tensor.name.starts_with(kPrefix); });
  if (!any) {
    const std::string first =
        tensors.empty() ? "no tensor at all" : detail::tensor_label(tensors.front().name);
    throw UserError(
        {.problem = fmt::format("not an attention trace: it holds {}, but no 'layers.'", first),
         .allowed = std::string(kExpected)});
  }
  for (const TensorView& tensor : tensors) {
    if (!is_of_a_layer(tensor.name)) fail(tensor, "is not part of an attention trace", kExpected);
  }
}

/// Products of two words of 24 bits, added up over so many elements, stay in 64 bits.
constexpr std::int64_t kLargestHead = std::int64_t{1} << 16;

void check_shape(const TensorView& tensor) {
  const auto& shape = tensor.shape;
  if (shape.size() != 3 || std::ranges::any_of(shape, [](std::int64_t n) { return n < 1; }))
    fail(tensor, fmt::format("shape {}", detail::shape_text(shape)),
         "3 dimensions [heads, rows, d] of at least 1");
  if (shape[2] > kLargestHead)
    fail(tensor, fmt::format("d is {}", shape[2]), fmt::format("at most {}", kLargestHead));
}

void check_values(const TensorView& tensor) {
  const auto bad = first_out_of_range(tensor.type, tensor.bytes);
  if (!bad) return;
  const auto at = static_cast<std::int64_t>(bad->index);
  const std::int64_t row = at / tensor.shape[2];
  fail(tensor,
       fmt::format("value {} at [{}, {}, {}]", text_of(*bad), row / tensor.shape[1],
                   row % tensor.shape[1], at % tensor.shape[2]),
       kValuesAllowed);
}

LayerShape shape_of(const TensorView& q, const TensorView& k, const TensorView& v) {
  const LayerShape shape{.heads = q.shape[0],
                         .kv_heads = k.shape[0],
                         .n_q = q.shape[1],
                         .n_k = k.shape[1],
                         .d = q.shape[2]};
  if (k.shape[2] != shape.d)
    fail(k, fmt::format("d is {}", k.shape[2]), fmt::format("{} as in q", shape.d));
  if (v.shape != k.shape) {
    fail(v, fmt::format("shape {}", detail::shape_text(v.shape)),
         fmt::format("{} as k has", detail::shape_text(k.shape)));
  }
  if (shape.heads % shape.kv_heads != 0) {
    fail(k, fmt::format("{} kv heads", shape.kv_heads),
         fmt::format("a divisor of the {} query heads", shape.heads));
  }
  return shape;
}

Trace::Contents::Layer read_layer(const Safetensors& file, std::int64_t l) {
  Trace::Contents::Layer layer;
  for (const TensorKind kind : kTensorKinds) {
    const std::string name = tensor_name(l, kind);
    const TensorView* tensor = file.find(name);
    if (tensor == nullptr) {
      throw UserError({.path = detail::tensor_label(name),
                       .problem = "is missing",
                       .allowed = "q, k and v of every layer from 0 to the last, without gaps"});
    }
    check_shape(*tensor);
    check_values(*tensor);
    layer.tensors.at(static_cast<std::size_t>(kind)) = tensor;
  }
  layer.shape = shape_of(*layer.tensors[0], *layer.tensors[1], *layer.tensors[2]);
  return layer;
}

}  // namespace

void detail::read_layers(Trace::Contents& trace) {
  check_names(trace.file);
  const std::size_t tensors = trace.file.tensors().size();
  std::int64_t l = 0;
  for (std::size_t read = 0; read < tensors; read += kTensorKinds.size()) {
    trace.layers.push_back(read_layer(trace.file, l++));
  }
}

}  // namespace hdp
