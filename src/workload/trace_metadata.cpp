// SPDX-License-Identifier: Apache-2.0
// The metadata of a trace: stage, causality, context and steps, scales of integer tensors.
#include <fmt/format.h>

#include "workload/message.hpp"
#include "workload/metadata.hpp"
#include "workload/trace_contents.hpp"
#include <hdp/base/error.hpp>
#include <hdp/workload/magnitude.hpp>

namespace hdp {
namespace {

[[noreturn]] void fail(std::string_view key, std::string problem, std::string allowed,
                       std::string nearest = {}) {
  throw UserError({.path = fmt::format("metadata '{}'", key),
                   .problem = std::move(problem),
                   .allowed = std::move(allowed),
                   .nearest = std::move(nearest)});
}

const std::string& required(const Metadata& metadata, const std::string& key, std::string allowed) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) fail(key, "is missing", std::move(allowed));
  return found->second;
}

/// The position of the value of `key` among `words`.
std::size_t word(const Metadata& metadata, const std::string& key,
                 std::span<const std::string_view> words) {
  const std::string allowed = detail::listed(words);
  const std::string& value = required(metadata, key, allowed);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == value) return i;
  }
  fail(key, fmt::format("'{}'", detail::clipped(value)), allowed, nearest_name(value, words));
}

std::int64_t count(const Metadata& metadata, const std::string& key, std::int64_t least) {
  const std::string allowed = fmt::format("a whole number, at least {}", least);
  const std::string& text = required(metadata, key, allowed);
  const auto value = detail::parsed<std::int64_t>(text);
  if (!value || *value < least) fail(key, fmt::format("'{}'", detail::clipped(text)), allowed);
  return *value;
}

void check_decode(const Trace::Contents& trace, const LayerShape& shape, std::int64_t l) {
  const auto differs = [&](TensorKind kind, std::int64_t rows, std::string allowed) {
    throw UserError({.path = detail::tensor_label(tensor_name(l, kind)),
                     .problem = fmt::format("{} rows", rows),
                     .allowed = std::move(allowed)});
  };
  if (shape.n_q != trace.steps) {
    differs(TensorKind::Q, shape.n_q, fmt::format("{}, the metadata's steps", trace.steps));
  }
  // Compared without a sum, which could overflow: steps is n_q here.
  if (shape.n_k < shape.n_q || shape.n_k - shape.n_q != trace.n_ctx) {
    differs(TensorKind::K, shape.n_k,
            fmt::format("the metadata's n_ctx {} + steps {}", trace.n_ctx, trace.steps));
  }
}

double scale_of(const Metadata& metadata, const std::string& tensor, ElementType type) {
  const std::string own = tensor + ".scale";
  const auto found = metadata.contains(own) ? metadata.find(own) : metadata.find("scale");
  const std::string allowed = fmt::format("a number above 0, at most 2^97 ({:.2g})", kLargestScale);
  if (found == metadata.end()) {
    fail(own, fmt::format("is missing, nor is there 'scale', but the tensor is {}", name_of(type)),
         allowed);
  }
  const auto value = detail::parsed<double>(found->second);
  if (!value || !(*value > 0) || *value > kLargestScale) {
    fail(found->first, fmt::format("'{}'", detail::clipped(found->second)), allowed);
  }
  return *value;
}

}  // namespace

void detail::read_stage(Trace::Contents& trace) {
  const Metadata& metadata = trace.file.metadata();
  constexpr std::array<std::string_view, 2> kBooleans{"false", "true"};
  trace.stage = static_cast<Stage>(word(metadata, "stage", EnumNames<Stage>::kNames));
  const bool decode = trace.stage == Stage::Decode;
  const bool stated = !decode || metadata.contains("causal");
  trace.causal = (stated && word(metadata, "causal", kBooleans) == 1) || decode;
  if (decode) {
    trace.n_ctx = count(metadata, "n_ctx", 0);
    trace.steps = count(metadata, "steps", 1);
  }
  for (std::int64_t l = 0; l < std::ssize(trace.layers); ++l) {
    const LayerShape& shape = trace.layers[static_cast<std::size_t>(l)].shape;
    if (decode) check_decode(trace, shape, l);
    if (trace.causal && shape.n_q > shape.n_k) {
      throw UserError({.path = tensor_label(tensor_name(l, TensorKind::Q)),
                       .problem = fmt::format("{} rows under a causal mask", shape.n_q),
                       .allowed = fmt::format("at most the {} keys", shape.n_k)});
    }
  }
}

void detail::read_scales(Trace::Contents& trace) {
  const Metadata& metadata = trace.file.metadata();
  for (Trace::Contents::Layer& layer : trace.layers) {
    for (std::size_t kind = 0; kind < kTensorKinds.size(); ++kind) {
      const TensorView& tensor = *layer.tensors.at(kind);
      if (is_integer(tensor.type)) {
        layer.scales.at(kind) = scale_of(metadata, tensor.name, tensor.type);
      } else if (metadata.contains(tensor.name + ".scale")) {
        fail(tensor.name + ".scale", fmt::format("for a tensor of {}", name_of(tensor.type)),
             "a scale for integers only");
      }
    }
  }
}

}  // namespace hdp
