// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hdp {

/// Rows of a workload: every eligible one, none, or a list of numbers from 0 in rising order.
struct RowChoice {
  bool eligible = true;  ///< Where there is no list.
  std::optional<std::vector<std::int64_t>> rows{};
  [[nodiscard]] std::string_view word() const { return kWords[eligible ? 0 : 1]; }
  friend bool operator==(const RowChoice&, const RowChoice&) = default;

  static constexpr std::array<std::string_view, 2> kWords{"eligible", "none"};
};

}  // namespace hdp
