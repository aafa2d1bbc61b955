// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <hdp/config/field.hpp>
#include <hdp/units/phase.hpp>

namespace hdp {

/// The SRAMs of a context.
enum class Buffer : std::uint8_t { Q, K, V, Score, Mask, Count };
inline constexpr std::size_t kBuffers = static_cast<std::size_t>(Buffer::Count);
template <>
struct EnumNames<Buffer> {
  static constexpr std::array<std::string_view, kBuffers> kNames{"q_sram", "k_sram", "v_sram",
                                                                 "score_sram", "mask_sram"};
};

/// Of fraction bits, a bit each at the least.
inline constexpr std::size_t kMostChunks = 23;

/// Whole words read from and written to each SRAM, and the cycles that its ports took for them.
struct BufferTraffic {
  std::array<std::int64_t, kBuffers> read{}, written{}, port_cycles{};

  void add_read(Buffer buffer, std::int64_t words) {
    read[static_cast<std::size_t>(buffer)] += words;
  }
  void add_written(Buffer buffer, std::int64_t words) {
    written[static_cast<std::size_t>(buffer)] += words;
  }
  void add_cycles(Buffer buffer, std::int64_t cycles) {
    port_cycles[static_cast<std::size_t>(buffer)] += cycles;
  }
};

/// Operations of a slice, or of all slices of a core.
struct WorkTotals {
  std::array<std::int64_t, kPhases> macs{};  ///< Products of existing entries.
  std::int64_t recompute_macs = 0;           ///< Integer products made a second time.
  std::int64_t blocks = 0;                   ///< Block importances summed.
  std::int64_t fraction_passes = 0;          ///< Of the arrays over kept blocks,
  std::int64_t wider_fraction_passes = 0;    ///< and as many as twice their columns would take.
  std::int64_t comparisons = 0;              ///< Made by ranking blocks (prune.rule top_k),
  std::int64_t ranking_cycles = 0;           ///< and the cycles in which importances passed.
  /// With prune.probability: of the fraction products, those of each chunk; bounds that entered a
  /// denominator and were tested; elements of queries in their margins.
  std::array<std::int64_t, kMostChunks> chunk_macs{};
  std::int64_t bounds = 0, margin_elements = 0;
  std::int64_t softmax_entries = 0;
  std::int64_t softmax_rows = 0;
  std::int64_t further_groups = 0;  ///< Groups of strips that bring K or V of a head again.
  BufferTraffic traffic;

  void add(const WorkTotals& other);
};

}  // namespace hdp
