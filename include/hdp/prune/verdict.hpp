// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace hdp {

/// Whether a key's V is read, the key is given up, or its next bits are needed.
enum class Verdict : std::uint8_t { Keep, Drop, Next };

}  // namespace hdp
