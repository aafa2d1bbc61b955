// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include <hdp/workload/workload.hpp>

namespace hdp {

/// Whether attention alone is played, or the layers around it, too.
struct LayerOptions {
  std::string layer;  ///< "attention", "whole", or "": as the workload says.
  std::optional<std::int64_t> hidden, ffn;
};

/// `layer` must live until `app` has parsed.
void add_layer_options(CLI::App& app, LayerOptions& layer);

/// The workload with its layers, or without them. UserError where their widths are not known.
Workload with_layers(const Workload& workload, const LayerOptions& options);

}  // namespace hdp
