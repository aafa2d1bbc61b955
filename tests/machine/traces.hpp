// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <support/tensor_file.hpp>

#include <hdp/workload/trace.hpp>

namespace hdp::test {

/// Layers of F32 tensors, uniform in +-`spread`; decode has n_q steps. Only bits of the generator
/// are used, so that the values are the same everywhere.
inline Trace random_trace(const LayerShape& shape, Stage stage, bool causal, unsigned seed,
                          std::int64_t layers = 1, float spread = 3) {
  TraceFile file;
  file.metadata = {{"stage", std::string(name_of(stage))},
                   {"causal", causal || stage == Stage::Decode ? "true" : "false"}};
  if (stage == Stage::Decode) {
    file.metadata.emplace("n_ctx", std::to_string(shape.n_k - shape.n_q));
    file.metadata.emplace("steps", std::to_string(shape.n_q));
  }
  std::mt19937 random(seed);
  for (std::int64_t layer = 0; layer < layers; ++layer)
    for (const TensorKind kind : kTensorKinds) {
      const bool q = kind == TensorKind::Q;
      const std::int64_t heads = q ? shape.heads : shape.kv_heads, rows = q ? shape.n_q : shape.n_k;
      std::vector<float> values(static_cast<std::size_t>(heads * rows * shape.d));
      for (float& value : values)
        value = spread * (static_cast<float>(random() % 4096) / 2048.0F - 1.0F);
      file.add(tensor_name(layer, kind), {heads, rows, shape.d}, ElementType::F32,
               bytes_of(values));
    }
  return file.trace();
}

}  // namespace hdp::test
