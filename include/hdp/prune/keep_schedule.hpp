// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace hdp {

/// What a share is taken of: the count before any pruning, the count that is left, or a number.
struct KeepBase {
  enum class Kind : std::uint8_t { Original, Current, Number };
  Kind kind = Kind::Original;
  double number = 0;

  [[nodiscard]] double of(std::int64_t original, std::int64_t current) const;
};

/// The share of tokens or heads that stay after each layer.
struct KeepSchedule {
  /// Constant: `keep`. Step: `steps`, one a layer. Linear: 1 before `start_layer`, `first` at it,
  /// `last` at the last layer.
  enum class Kind : std::uint8_t { Constant, Step, Linear };
  Kind kind = Kind::Constant;
  double keep = 1;
  std::vector<double> steps{};
  std::int64_t start_layer = 0;
  double first = 1, last = 1;
  KeepBase base{};

  /// Of `layers` layers, after layer `layer`.
  [[nodiscard]] double share_after(std::int64_t layer, std::int64_t layers) const;
  /// How many of `current` stay after `layer`, `original` having been there before any pruning.
  [[nodiscard]] std::int64_t count_after(std::int64_t layer, std::int64_t layers,
                                         std::int64_t original, std::int64_t current) const;
};

/// min(live, max(1, floor(share * base + 2^-20))): the rounding of all counts.
std::int64_t kept_count(double share, double base, std::int64_t live);

}  // namespace hdp
