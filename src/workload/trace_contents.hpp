// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <variant>

#include <hdp/base/file.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

struct Trace::Contents {
  struct Layer {
    LayerShape shape;
    std::array<const TensorView*, kTensorKinds.size()> tensors{};  ///< By kind, into `file`.
    std::array<std::optional<double>, kTensorKinds.size()> scales{};
  };

  std::variant<std::vector<std::byte>, InputFile> storage;
  std::string name;
  std::string sha256;
  Safetensors file;
  Stage stage = Stage::Prefill;
  bool causal = false;
  std::int64_t n_ctx = 0;
  std::int64_t steps = 0;
  std::vector<Layer> layers;
};

namespace detail {

/// Fills stage, causal, n_ctx, steps and layers from `file`, and checks all of it. Mistakes are
/// UserErrors without the path of the file.
void read_layers(Trace::Contents& trace);
void read_stage(Trace::Contents& trace);
void read_scales(Trace::Contents& trace);

}  // namespace detail
}  // namespace hdp
