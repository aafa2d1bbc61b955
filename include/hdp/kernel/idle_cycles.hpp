// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace hdp {

/// Skip visits only cycles in which something can happen, and ticks only those it can happen to.
/// Visit ticks everything in every cycle: slow, with equal results; the proof of Skip.
enum class IdleCycles : std::uint8_t { Skip, Visit };

}  // namespace hdp
