// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include <hdp/prune/code_settings.hpp>
#include <hdp/prune/keep_schedule.hpp>

namespace hdp {

/// K is fetched in two parts: `lsb` bits only for rows whose largest probability is below
/// `threshold`.
struct ProgressiveQuantisation {
  std::int64_t msb = 8, lsb = 4;
  double threshold = 0.1;
};

/// Settings of SpAtten's cascade pruning (docs/spatten.md).
struct SpattenSettings : CodeSettings {
  KeepSchedule token, head;
  double value_keep = 1;  ///< Share of the V rows of a query that are read.
  std::optional<ProgressiveQuantisation> progressive;

  /// Width of the stored K.
  [[nodiscard]] std::int64_t key_bits() const {
    return progressive ? progressive->msb + progressive->lsb : k_bits;
  }
};

}  // namespace hdp
