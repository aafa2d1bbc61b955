// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <hdp/base/quantity.hpp>

namespace hdp {

/// How often a latency was how long: exact below 16 cycles, then eight bins an octave.
class LatencyHistogram {
 public:
  static constexpr std::size_t kBins = 16 + 8 * 28;

  void add(Cycles latency) {
    ++bins_[bin_of(static_cast<std::uint64_t>(latency.count))];
    if (latency > longest_) longest_ = latency;
  }
  void add(const LatencyHistogram& other) {
    for (std::size_t i = 0; i < kBins; ++i) bins_[i] += other.bins_[i];
    if (other.longest_ > longest_) longest_ = other.longest_;
  }

  [[nodiscard]] const std::array<std::int64_t, kBins>& bins() const { return bins_; }
  [[nodiscard]] Cycles longest() const { return longest_; }
  [[nodiscard]] std::int64_t count() const {
    std::int64_t sum = 0;
    for (const std::int64_t bin : bins_) sum += bin;
    return sum;
  }
  /// The shortest latency of a bin.
  static constexpr std::int64_t first_of(std::size_t bin) {
    if (bin < 16) return static_cast<std::int64_t>(bin);
    const std::size_t octave = (bin - 16) / 8;
    return static_cast<std::int64_t>((8 + (bin - 16) % 8) << (octave + 1));
  }
  static constexpr std::size_t bin_of(std::uint64_t latency) {
    if (latency < 16) return latency;
    const auto octave = static_cast<std::size_t>(std::bit_width(latency)) - 5;
    const std::size_t bin = 16 + 8 * octave + ((latency >> (octave + 1)) - 8);
    return bin < kBins ? bin : kBins - 1;
  }
  /// The first latency of the bin in which the k-th shortest lies, k = ceil(share * count); 0 where
  /// there is none.
  [[nodiscard]] std::int64_t quantile(double share) const {
    const double wanted = share * static_cast<double>(count());
    std::int64_t seen = 0;
    for (std::size_t bin = 0; bin < kBins; ++bin) {
      seen += bins_[bin];
      if (seen > 0 && static_cast<double>(seen) >= wanted) return first_of(bin);
    }
    return 0;
  }

 private:
  std::array<std::int64_t, kBins> bins_{};
  Cycles longest_{};
};

}  // namespace hdp
