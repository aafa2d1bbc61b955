// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include <hdp/study/layer_options.hpp>

namespace hdp {

/// `layer` must live until `app` has parsed.
void add_layer_options(CLI::App& app, LayerOptions& layer);

}  // namespace hdp
