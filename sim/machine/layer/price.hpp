// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "machine/prices.hpp"
#include <hdp/machine/layer/play.hpp>

namespace hdp::layer {

/// The buffers of the group, as the array reads them.
std::vector<BufferUse> buffers(const LayerConfig& config, const MatrixArray& array,
                               const LayerTotals& totals, std::int64_t loaded_weight_bytes,
                               std::int64_t loaded_input_bytes);
PricedUnit vector_unit(const Prices& prices, const LayerConfig& config, std::int64_t operations);
/// Products and sums of weights and activations, and what selects activations; the area is that of
/// the selectors only.
PricedUnit products(const Prices& prices, const LayerConfig& config, const MatrixArray& array,
                    const LayerTotals& totals);

/// All of a layer's run.
EnergyReport price(const LayerConfig& config, const MatrixArray& array, const EnergyTable& table,
                   const LayerResult& run, std::int64_t clock_mhz);

}  // namespace hdp::layer
