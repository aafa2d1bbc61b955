// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "machine/layer/add_layers.hpp"

namespace hdp::layer {

/// Before the names of units that the attention does not have.
inline constexpr std::string_view kLayerPrefix = "layer.";

/// Adds the energy of layers that take `cycles` in all to that of the attention, where it has one.
/// Returns what is theirs.
double add_energy(std::span<const PlayedLayer> played, std::int64_t cycles, RunResult& run);
/// Adds the area of what the attention has not.
void add_area(std::span<const PlayedLayer> played, RunResult& run);

}  // namespace hdp::layer
