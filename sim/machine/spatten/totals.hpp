// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include <hdp/machine/spatten/run.hpp>

namespace hdp::spatten {

/// What the passes ask of the units.
SpattenTotals totals_of(const SpattenConfig& config, std::span<const SpattenPass> passes);

/// Bytes that the passes read, by tensor: from their counts alone, not from their loads.
TensorBytes bytes_of(std::span<const SpattenPass> passes);
/// K and V of new tokens that they write.
TensorBytes appended_bytes_of(std::span<const SpattenPass> passes);

}  // namespace hdp::spatten
