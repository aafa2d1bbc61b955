// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>

#include <hdp/config/field.hpp>
#include <hdp/units/fetch_unit.hpp>
#include <hdp/units/matrix_engine.hpp>

namespace hdp {

/// What a machine needs beside its array to play the projections and the feed-forward network of a
/// layer (sim/machine/layer/layer.md). All of it is ours.
struct LayerConfig {
  std::int64_t weight_bits = 8, activation_bits = 8;
  std::int64_t kept = 0, of = 0;
  std::int64_t input_buffer_bytes = 65'536;
  std::int64_t weight_buffer_bytes = 65'536;
  std::int64_t output_buffer_bytes = 65'536;
  std::int64_t vector_lanes = 16;
  std::int64_t vector_latency_cycles = 4;
  FetchConfig fetch{};

  static constexpr Range kBufferBytes{2, 1e9};
  static constexpr auto kFields = std::tuple{
      Field{&LayerConfig::weight_bits, "weight_bits", "bits", "Codes of weights.", Range{2, 8}},
      Field{&LayerConfig::activation_bits, "activation_bits", "bits",
            "Codes of activations; sums have 32 bits.", Range{2, 8}},
      Field{&LayerConfig::kept, "kept", "weights",
            "N of N:M weights: of every `of` along the reduction so many are stored, with a map of "
            "`of` bits. 0, with 0: all, without a map.",
            Range{0, 64}},
      Field{&LayerConfig::of, "of", "weights", "M of N:M weights.", Range{0, 64}},
      Field{&LayerConfig::input_buffer_bytes, "input_buffer_bytes", "bytes",
            "Input activations, in two halves: one is loaded while the other is used.",
            kBufferBytes},
      Field{&LayerConfig::weight_buffer_bytes, "weight_buffer_bytes", "bytes",
            "Weights and their maps, in two halves.", kBufferBytes},
      Field{&LayerConfig::output_buffer_bytes, "output_buffer_bytes", "bytes",
            "Output activations, in two halves: one is written to memory while the other fills.",
            kBufferBytes},
      Field{&LayerConfig::vector_lanes, "vector_lanes", "elements/cycle",
            "Lanes of the vector unit: requantisation, GELU, residual, layer norm.",
            Range{1, 4096}},
      Field{&LayerConfig::vector_latency_cycles, "vector_latency_cycles", "cycles",
            "Pipeline of the vector unit.", Range{1, 4096}},
      Field{&LayerConfig::fetch, "fetch", "",
            "Each of the three fetch units: of weights, of inputs, of outputs."}};

  [[nodiscard]] NmPattern pattern() const { return {kept, of}; }
};

/// UserError where settings contradict each other; `path` is that of the group ("/layer").
void validate(const LayerConfig& config, std::string_view path);

}  // namespace hdp
