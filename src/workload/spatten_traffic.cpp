// SPDX-License-Identifier: Apache-2.0
#include <hdp/workload/spatten_traffic.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kHeadSize = 64;
constexpr std::int64_t kFusedBits = 6;

std::int64_t padded(std::int64_t count, std::int64_t padding) {
  return (count + padding - 1) / padding * padding;
}

/// Bytes of the rows' keys, or values, one row after the other.
class Fetches {
 public:
  explicit Fetches(std::int64_t padding) : padding_(padding) {}
  std::int64_t bytes(std::int64_t bits, std::int64_t count) {
    const bool fused = bits == kFusedBits;
    fetched_by_partner_ = fused && !fetched_by_partner_;
    if (fused && !fetched_by_partner_) return 0;
    return padded(count, padding_) * kHeadSize * bits * (fused ? 2 : 1) / 8;
  }

 private:
  std::int64_t padding_;
  bool fetched_by_partner_ = false;  ///< The last row was the first of a pair.
};

}  // namespace

std::int64_t rtl_fetched_bits(std::int64_t bits) {
  switch (bits) {
    case -1:
    case 10:
    case 12:
      return 8;
    case 4:
    case 6:
    case 8:
      return bits;
    default:
      return 0;
  }
}

std::int64_t lsb_bytes_of(const SpattenRow& row, std::int64_t padding) {
  return padded(row.key_fetch, padding) * row.head_size * 4 / 8;
}

bool may_requantise_in_rtl(const SpattenRow& row) {
  return row.requantise || row.key_bits == -1 || row.key_bits == 10 || row.key_bits == 12;
}

std::optional<SpattenTraffic> rtl_traffic(std::span<const SpattenRow> rows, std::int64_t padding) {
  SpattenTraffic traffic;
  Fetches keys(padding), values(padding);
  for (const SpattenRow& row : rows) {
    const std::int64_t key_bits = rtl_fetched_bits(row.key_bits);
    const std::int64_t value_bits = rtl_fetched_bits(row.value_bits);
    if (row.head_size != kHeadSize || key_bits == 0 || value_bits == 0) return std::nullopt;
    traffic.key_bytes += keys.bytes(key_bits, row.key_fetch);
    traffic.value_bytes += values.bytes(value_bits, row.value_fetch);
    if (may_requantise_in_rtl(row)) traffic.lsb_bytes += lsb_bytes_of(row, padding);
  }
  return traffic;
}

}  // namespace hdp
