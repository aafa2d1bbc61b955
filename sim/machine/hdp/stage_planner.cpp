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
  for (std::int64_t number = 0; number < planned_; ++number) split_error(number);
}

void StagePlanner::split_error(std::int64_t number) {
  if (options_.splits_error())
    add_causes(config_, trace_, formats_, number, options_, slot(number));
}

PlannedLayer& StagePlanner::slot(std::int64_t number) {
  return layers_[keeps_layers_ ? static_cast<std::size_t>(number) : 0];
}

PlannedLayer& StagePlanner::layer(std::int64_t number) {
  PlannedLayer& layer = slot(number);
  if (number == planned_) {
    plan_layer(config_, trace_, formats_, number, options_, layer);
    ++planned_;
    split_error(number);
  }
  return layer;
}

}  // namespace hdp
