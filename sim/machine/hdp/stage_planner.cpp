// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/stage_planner.hpp"

#include <algorithm>

namespace hdp {

StagePlanner::StagePlanner(const HdpConfig& config, const Trace& trace, const HdpFormats& formats,
                           const PlayOptions& options)
    : config_(config), trace_(trace), formats_(formats), options_(options) {
  const bool coupled = std::ranges::any_of(config.stages(), couples_layers);
  keeps_layers_ = coupled || trace.stage() == Stage::Decode;
  layers_.resize(static_cast<std::size_t>(keeps_layers_ ? trace.layers() : 1));
  if (!coupled) return;
  layers_ = plan_cascaded_layers(config, trace, formats, options);
  planned_ = trace.layers();
}

PlannedLayer& StagePlanner::layer(std::int64_t number) {
  PlannedLayer& layer = layers_[keeps_layers_ ? static_cast<std::size_t>(number) : 0];
  if (number == planned_) {
    plan_layer(config_, trace_, formats_, number, options_, layer);
    ++planned_;
  }
  return layer;
}

}  // namespace hdp
