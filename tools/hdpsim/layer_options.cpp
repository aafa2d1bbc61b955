// SPDX-License-Identifier: Apache-2.0
#include "layer_options.hpp"

namespace hdp {

void add_layer_options(CLI::App& app, LayerOptions& layer) {
  app.add_option("--layer", layer.layer,
                 "attention alone, or whole layers: projections, FFN and norms on the machine's "
                 "own array (the default where the workload has weights)")
      ->check(CLI::IsMember({"attention", "whole"}));
  app.add_option("--hidden", layer.hidden,
                 "Width of the activations; without it, what the trace's metadata say")
      ->check(CLI::Range(std::int64_t{1}, kMostWidth));
  app.add_option("--ffn", layer.ffn, "Width of the FFN, likewise")
      ->check(CLI::Range(std::int64_t{1}, kMostWidth));
}

}  // namespace hdp
