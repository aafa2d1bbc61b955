// SPDX-License-Identifier: Apache-2.0
#include <hdp/base/error.hpp>
#include <hdp/study/layer_options.hpp>

namespace hdp {

Workload with_layers(const Workload& workload, const LayerOptions& options,
                     const std::string& prefix) {
  const bool whole = options.layer == "whole";
  if (!whole && (options.hidden || options.ffn))
    refuse(prefix + (options.hidden ? "hidden" : "ffn"), "is the width of a layer",
           "with " + prefix + "layer whole");
  if (options.layer.empty()) return workload;
  if (!whole) return workload.with_layers(std::nullopt);
  return workload.with_layers(layer_widths_of(workload, options.hidden, options.ffn));
}

}  // namespace hdp
