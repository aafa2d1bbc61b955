// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hdp/machine/layer/engine.hpp>
#include <hdp/machine/layer/play.hpp>
#include <hdp/machine/result.hpp>
#include <hdp/prune/encoder_run.hpp>

namespace hdp::layer {

/// Layers of one size: played once, they stand where they are named.
struct PlayedLayer {
  struct Place {
    std::int64_t layer = 0, step = 0;
  };
  LayerSizes sizes;
  LayerResult result;
  std::vector<Place> places;
  [[nodiscard]] std::int64_t times() const { return std::ssize(places); }
};

/// Adds the layers to the run of their attention: one follows the other, so all counts add up, and
/// every unit rests while the others work.
void add_layers(const LayerEngine& engine, std::span<const PlayedLayer> played, RunResult& run);

/// What masks and codes did to the outputs of the layers of an encoder.
void add_errors(std::span<const EncoderLayerError> errors, RunResult& run);

}  // namespace hdp::layer
