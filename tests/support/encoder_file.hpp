// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/tensor_file.hpp"
#include <hdp/workload/encoder.hpp>

namespace hdp::test {

/// The shapes of an encoder file: every tensor that it may hold, small numbers as values.
class EncoderFile {
 public:
  explicit EncoderFile(EncoderShape shape, std::string prefix = "") : prefix_(std::move(prefix)) {
    file.metadata = {{"heads", std::to_string(shape.heads)},
                     {"causal", shape.causal ? "true" : "false"}};
    add("input", {shape.tokens, shape.hidden});
    for (std::int64_t l = 0; l < shape.layers; ++l) add_layer(l, shape);
  }
  [[nodiscard]] Encoder encoder() const { return encoder_from_bytes(file.bytes(), "e"); }

  TraceFile file;

 private:
  void add(std::string name, std::vector<std::int64_t> shape) {
    std::int64_t size = 1;
    for (const std::int64_t extent : shape) size *= extent;
    std::vector<float> values;
    for (std::int64_t i = 0; i < size; ++i)
      values.push_back(static_cast<float>((i * 37 + 11 * size) % 64 - 31) / 64.0F);
    file.add(std::move(name), std::move(shape), ElementType::F32, bytes_of(values));
  }
  void add_linear(const std::string& name, std::int64_t out, std::int64_t in) {
    add(name + ".weight", {out, in});
    add(name + ".bias", {out});
  }
  void add_norm(const std::string& name, std::int64_t hidden) {
    add(name + ".weight", {hidden});
    add(name + ".bias", {hidden});
  }
  void add_layer(std::int64_t l, const EncoderShape& s) {
    const std::string at = prefix_ + "encoder.layer." + std::to_string(l) + ".";
    const std::int64_t q = s.heads * s.d, kv = s.kv_heads * s.d;
    add_linear(at + "attention.self.query", q, s.hidden);
    add_linear(at + "attention.self.key", kv, s.hidden);
    add_linear(at + "attention.self.value", kv, s.hidden);
    add_linear(at + "attention.output.dense", s.hidden, q);
    add_norm(at + "attention.output.LayerNorm", s.hidden);
    add_linear(at + "intermediate.dense", s.ffn, s.hidden);
    add_linear(at + "output.dense", s.hidden, s.ffn);
    add_norm(at + "output.LayerNorm", s.hidden);
  }
  std::string prefix_;
};

}  // namespace hdp::test
