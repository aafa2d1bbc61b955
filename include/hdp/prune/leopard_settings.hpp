// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <hdp/prune/bit_serial.hpp>
#include <hdp/prune/code_settings.hpp>

namespace hdp {

/// Settings of LeOPArd's decisions (docs/leopard.md).
struct LeopardSettings : CodeSettings {
  LeopardSettings() { v_bits = 16; }

  std::int64_t step_bits = 2;  ///< Divides k_bits.
  MarginRule margin = MarginRule::SignPairs;
  /// Of q.k, before it is divided by sqrt(d): one, or one a layer.
  std::vector<double> threshold{0};
  /// Instead of `threshold`: the share of a layer's pairs that is to go, in [0, 1).
  std::optional<double> calibrate;

  [[nodiscard]] BitSerialRule rule() const { return {k_bits, step_bits, margin}; }
};

}  // namespace hdp
