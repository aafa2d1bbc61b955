// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace hdp::spatten_rtl {

/// The scores that one line gives, on their way from QK to PV.
struct Fragment {
  std::int32_t request = 0;
  std::int32_t index = 0;  ///< Within the row of scores.
  bool last = false;
  bool second = false;  ///< Of the pass with all bits.
  [[nodiscard]] bool first() const { return index == 0; }
};

}  // namespace hdp::spatten_rtl
