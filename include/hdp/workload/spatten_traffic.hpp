// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include <hdp/workload/spatten_workload.hpp>

namespace hdp {

/// How the test bench of the authors' RTL maps rows to fetches (read in the RTL): -1, 10 and 12
/// bits are fetched as 8, where for keys an LSB pass is allowed whatever the row says; two rows of
/// 6 bits that follow one another share one fetch of 96 bytes a vector, and one without a partner
/// fetches that much alone; counts are rounded up to a multiple of the padding.
struct SpattenTraffic {
  std::int64_t key_bytes = 0;
  std::int64_t value_bytes = 0;
  std::int64_t lsb_bytes = 0;  ///< If every row that may fetch its LSBs does.
  [[nodiscard]] std::int64_t total() const { return key_bytes + value_bytes + lsb_bytes; }
  friend bool operator==(const SpattenTraffic&, const SpattenTraffic&) = default;
};

/// What the bench rounds counts up to by default.
inline constexpr std::int64_t kFetchPadding = 8;

/// Bytes of the K least significant bits of a row, should it fetch them: 4 bits an element.
std::int64_t lsb_bytes_of(const SpattenRow& row, std::int64_t padding = kFetchPadding);

/// The bits in which the bench fetches first; 0 for what it has no mapping for.
std::int64_t rtl_fetched_bits(std::int64_t bits);

/// Whether the bench lets a row fetch LSBs.
bool may_requantise_in_rtl(const SpattenRow& row);

/// What the bench moves for these rows of a generation file. nullopt where the RTL could not run
/// one: bits other than -1, 4, 6, 8, 10, 12, or heads that are not of 64 elements.
std::optional<SpattenTraffic> rtl_traffic(std::span<const SpattenRow> rows,
                                          std::int64_t padding = kFetchPadding);

}  // namespace hdp
