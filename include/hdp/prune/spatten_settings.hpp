// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include <hdp/prune/keep_schedule.hpp>

namespace hdp {

/// K is fetched in two parts: `lsb` bits only for rows whose largest probability is below
/// `threshold`.
struct ProgressiveQuantisation {
  std::int64_t msb = 8, lsb = 4;
  double threshold = 0.1;
};

/// Settings of SpAtten's cascade pruning (docs/spatten.md).
struct SpattenSettings {
  std::int64_t q_bits = 12, k_bits = 12, v_bits = 12;
  std::optional<double> q_scale, k_scale, v_scale;  ///< Nothing: from the largest value.
  KeepSchedule token, head;
  double value_keep = 1;  ///< Share of the V rows of a query that are read.
  std::optional<ProgressiveQuantisation> progressive;

  /// Width of the stored K.
  [[nodiscard]] std::int64_t key_bits() const {
    return progressive ? progressive->msb + progressive->lsb : k_bits;
  }
};

}  // namespace hdp
