// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace hdp {

/// Widths and scales of codes that are quantised by scale.
struct CodeSettings {
  std::int64_t q_bits = 12, k_bits = 12, v_bits = 12;
  std::optional<double> q_scale, k_scale, v_scale;  ///< Nothing: from the largest value.
};

}  // namespace hdp
