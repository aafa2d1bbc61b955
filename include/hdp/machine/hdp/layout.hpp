// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <hdp/machine/hdp/config.hpp>
#include <hdp/numeric/fixed_point.hpp>
#include <hdp/prune/problem.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// Room for rows that stream through a part of an SRAM, piece by piece.
struct PieceRoom {
  std::int64_t bytes = 0;  ///< Of a piece, at most.
  std::int64_t held = 2;   ///< Pieces at a time; one alone is not loaded ahead.
};

/// A chunk of the fraction bits of K, a plane of its own in DRAM.
struct ChunkPlane {
  std::int64_t bits = 0, row_bytes = 0;
  std::uint64_t start = 0;
};

/// How a layer lies in SRAM and DRAM under a configuration: bytes of rows, what stays resident,
/// what has which room, where tensors start. Made once a layer (docs/hdp.md, SRAM).
struct Layout {
  LayerShape shape;
  OperandWidths qk_widths;
  std::int64_t word_bits = 16;
  /// Bytes of a row that the integer pass fetches, that the fraction products add, and of words.
  std::int64_t integer_row_bytes = 0, fraction_row_bytes = 0, word_row_bytes = 0;
  std::vector<ChunkPlane> chunks;         ///< With prune.probability,
  std::int64_t k_fraction_row_bytes = 0;  ///< of all of them together, else of the plane.
  std::int64_t score_bits = 16;
  std::int64_t importance_bits = 24;  ///< Of a block.
  bool appends = false;               ///< Decode: a step writes its rows of K and V.
  std::int64_t slice_heads = 1;       ///< Query heads of a slice, at most.
  std::int64_t strip_rows = 1;        ///< Query rows of a strip.
  bool keep_scores = false;
  bool q_int_resident = false, k_int_resident = false, k_frac_resident = false, k_resident = false,
       v_resident = false;
  std::int64_t tiles_held = 2;     ///< Tiles of K that stream at a time, where they do.
  std::int64_t q_plane_bytes = 0;  ///< Room for rows of Q of the strips in their tiles
  std::int64_t q_kept_bytes = 0;   ///< and of those in their fraction products.
  std::int64_t score_room_bits = 0;
  std::int64_t importance_room_bits = 0, mask_room_bits = 0;
  bool late_decision = false;  ///< Heads are decided behind their last strip: all masks wait.
  PieceRoom k_pieces, v_pieces;
  /// First byte of each tensor; heads follow each other.
  std::uint64_t q_int = 0, q_frac = 0, k_int = 0, k_frac = 0, q = 0, k = 0, v = 0, out = 0;
  std::uint64_t end = 0;  ///< Behind the last one.

  [[nodiscard]] bool has_fractions() const { return qk_widths.fraction_bits() != 0; }
};

/// The layout of a layer whose largest problem is `largest`; tensors lie from `start` on, a
/// multiple of 4096. So many `sequences` are played side by side. UserError where an SRAM does not
/// hold one tile.
Layout make_layout(const HdpConfig& config, const LayerShape& shape, const Problem& largest,
                   FixedPoint qk_format, std::uint64_t start = 0, std::int64_t sequences = 1);

}  // namespace hdp
