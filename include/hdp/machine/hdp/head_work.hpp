// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hdp/units/fetch_unit.hpp>
#include <hdp/units/phase.hpp>

namespace hdp {

/// The SRAMs of a core.
enum class Buffer : std::uint8_t { Q, K, V, Score, Mask, Count };
inline constexpr std::size_t kBuffers = static_cast<std::size_t>(Buffer::Count);
template <>
struct EnumNames<Buffer> {
  static constexpr std::array<std::string_view, kBuffers> kNames{"q_sram", "k_sram", "v_sram",
                                                                 "score_sram", "mask_sram"};
};

/// Bits read from and written to each SRAM.
struct BufferTraffic {
  std::array<std::int64_t, kBuffers> read{}, written{};
};

/// Operations of a head, or of all heads of a core.
struct WorkTotals {
  std::array<std::int64_t, kPhases> macs{};  ///< Products of existing entries.
  std::int64_t recompute_macs = 0;           ///< Integer products made a second time.
  std::int64_t blocks = 0;                   ///< Block importances summed.
  std::int64_t softmax_entries = 0;
  std::int64_t softmax_rows = 0;
  BufferTraffic traffic;

  void add(const WorkTotals& other);
};

/// A group of ranges that is fetched together. It may be asked for once `after` jobs (planes:
/// tiles, kept rows: strips of the phase that uses them) are done: buffers are no larger.
struct Load {
  Tensor tensor = Tensor::Q;
  std::uint32_t first_range = 0;
  std::uint32_t ranges = 0;
  std::int64_t after = 0;
};

/// A strip of query rows: what every unit will do for it, in cycles.
struct StripWork {
  std::int64_t tiles = 0;          ///< Tiles of the integer pass, or of the exact product.
  std::int64_t tile_cycles = 0;    ///< One of them.
  std::int32_t engine_add = 0;     ///< Sparsity engine, a tile,
  std::int32_t engine_select = 0;  ///< and after the last tile of the strip; 0: no engine.
  std::int64_t fraction_cycles = 0;
  std::int64_t fraction_operand_cycles = 0;  ///< What the banks of K need for it.
  std::int64_t softmax_cycles = 0;
  std::int64_t value_cycles = 0;
  std::int64_t value_operand_cycles = 0;
  /// Loads that must be complete: of the planes before tile t (see loads_before), of the kept rows
  /// before the fraction products and before P.V.
  std::int64_t query_loads = 0;
  std::int64_t resident_tiles = 0;  ///< Tiles of K that earlier strips have left in SRAM.
  std::int64_t fraction_loads = 0;
  std::int64_t value_loads = 0;
  FetchRange output;
  bool decides = false;  ///< The head decision is known with this strip's masks.

  /// Plane loads that must be complete before tile t: every further tile of K is a load.
  [[nodiscard]] std::int64_t loads_before(std::int64_t t) const {
    return query_loads + std::max<std::int64_t>(0, t + 1 - resident_tiles);
  }
};

/// One head of one problem, ready to be played: plain data, made by the lowering.
struct HeadWork {
  std::int64_t layer = 0, head = 0;
  bool prunes = false;       ///< Has a sparsity engine pass and a decision; else dense attention.
  bool kept = true;          ///< What the decision will be.
  bool write_zeros = false;  ///< A pruned head writes its outputs as zeros.
  std::vector<StripWork> strips;
  std::vector<Load> plane_loads;  ///< Before the decision.
  std::vector<Load> kept_loads;   ///< After it; none for a pruned head.
  std::vector<FetchRange> ranges;
  WorkTotals totals;

  void clear();
};

}  // namespace hdp
