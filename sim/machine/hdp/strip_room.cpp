// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "machine/hdp/layout_room.hpp"

namespace hdp {
namespace {

/// One part in so many of the mask SRAM is for masks of strips under way, the rest for importances.
constexpr std::int64_t kMaskShare = 8;

/// Rooms of the SRAMs that hold strips, for one choice of rows.
class StripRoom {
 public:
  StripRoom(const HdpConfig& config, const Problem& problem, const Layout& layout)
      : config_(config), core_(config.core), problem_(problem), layout_(layout) {}

  [[nodiscard]] bool late_decision() const { return config_.pruning && config_.prune.tau >= 0; }

  [[nodiscard]] std::int64_t score_bits(std::int64_t rows) const {
    const std::int64_t unfinished = layout_.v_resident ? 0 : layout_.shape.d * kOutputBits;
    return rows * (problem_.keys * layout_.score_bits + unfinished);
  }
  /// Half of it for strips in their tiles, half for those in their fraction products.
  [[nodiscard]] std::int64_t q_bytes(std::int64_t rows) const {
    return config_.pruning ? 2 * rows * (layout_.integer_row_bytes + layout_.fraction_row_bytes)
                           : rows * layout_.word_row_bytes;
  }
  /// The integer plane of a whole slice, beside two strips of the fraction plane.
  [[nodiscard]] std::int64_t resident_q_bytes(std::int64_t rows) const {
    return slice_queries() * layout_.integer_row_bytes +
           std::min(2 * rows, slice_queries()) * layout_.fraction_row_bytes;
  }
  [[nodiscard]] std::int64_t importance_bits(std::int64_t rows) const {
    return config_.pruning ? blocks(rows) * layout_.importance_bits : 0;
  }
  /// Masks beside the importances: of a whole slice before a late decision, else of a strip.
  [[nodiscard]] std::int64_t mask_bits(std::int64_t rows) const {
    if (!config_.pruning) return 0;
    return late_decision() ? layout_.slice_heads * blocks(problem_.queries) : blocks(rows);
  }
  [[nodiscard]] std::int64_t mask_sram_bits(std::int64_t rows) const {
    const std::int64_t importances = importance_bits(rows), masks = mask_bits(rows);
    if (late_decision()) return importances + masks;
    return kMaskShare * std::max(ceil_div(importances, kMaskShare - 1), masks);
  }
  [[nodiscard]] std::int64_t slice_queries() const {
    return layout_.slice_heads * problem_.queries;
  }

  [[nodiscard]] bool fits_q(std::int64_t rows) const {
    return q_bytes(rows) <= core_.q_sram.bytes ||
           (config_.pruning && resident_q_bytes(rows) <= core_.q_sram.bytes);
  }
  /// Without reuse every row of blocks brings its own rows of K and V, one column of blocks at the
  /// least; for one row of blocks there is always room (key_room.cpp).
  [[nodiscard]] bool fits_own_keys(std::int64_t rows) const {
    if (!config_.pruning || core_.fetch.reuse) return true;
    const std::int64_t b = config_.prune.block_size;
    const std::int64_t keys = ceil_div(rows, b) * std::min(b, problem_.keys);
    const std::int64_t k_row =
        layout_.fraction_row_bytes + (layout_.k_int_resident ? 0 : layout_.integer_row_bytes);
    const bool own_v = config_.prune.masked == Masked::Exclude;
    return keys * k_row <= layout_.k_pieces.bytes &&
           (!own_v || keys * layout_.word_row_bytes <= layout_.v_pieces.bytes);
  }
  [[nodiscard]] bool fits(std::int64_t rows) const {
    return score_bits(rows) <= 8 * core_.score_sram.bytes && fits_q(rows) && fits_own_keys(rows) &&
           mask_sram_bits(rows) <= 8 * core_.mask_sram.bytes;
  }
  /// One line on what does not hold so many rows.
  [[noreturn]] void refuse(std::int64_t rows) const {
    const auto bytes = [](std::int64_t bits) { return ceil_div(bits, 8); };
    if (!fits_q(rows))
      too_small("q_sram", core_.q_sram.bytes, "the rows of a block of Q", problem_, q_bytes(rows));
    if (score_bits(rows) > 8 * core_.score_sram.bytes)
      too_small("score_sram", core_.score_sram.bytes, "the rows of a block of scores", problem_,
                bytes(score_bits(rows)));
    too_small("mask_sram", core_.mask_sram.bytes,
              late_decision() ? "the block masks until the head decision" : "a row of blocks",
              problem_, bytes(mask_sram_bits(rows)),
              ", or a larger /prune/block_size, or a smaller /scheduling/slice_heads");
  }

 private:
  [[nodiscard]] std::int64_t blocks(std::int64_t rows) const {
    const std::int64_t b = config_.prune.block_size;
    return ceil_div(rows, b) * ceil_div(problem_.keys, b);
  }

  const HdpConfig& config_;
  const CoreConfig& core_;
  const Problem& problem_;
  const Layout& layout_;
};

/// As many rows as the array has, or as a strip can have: fewer where the SRAMs do not hold them.
std::int64_t strip_rows(const HdpConfig& config, const Problem& problem, const StripRoom& room) {
  const std::int64_t step = config.pruning ? config.prune.block_size : 1;
  std::int64_t rows = config.core.pe_array.rows;
  const auto used = [&] { return std::min(rows, problem.queries); };
  while (rows > step && !room.fits(used())) rows -= step;
  if (!room.fits(used())) room.refuse(used());
  return rows;
}

/// Integer scores wait for the fraction products where two strips of them fit, or, before a late
/// decision, those of a slice.
bool keeps_scores(const HdpConfig& config, const Problem& problem, const Layout& layout,
                  const StripRoom& room) {
  const CoreConfig& core = config.core;
  if (!config.pruning) return true;
  if (core.score_store == ScoreStore::Recompute) return false;
  const bool wanted = core.score_store == ScoreStore::Keep;
  const std::int64_t strips =
      std::min(wanted ? layout.strip_rows : 2 * layout.strip_rows, room.slice_queries());
  const std::int64_t bits = room.score_bits(room.late_decision() ? room.slice_queries() : strips);
  if (bits <= 8 * core.score_sram.bytes) return true;
  if (wanted)
    too_small("score_sram", core.score_sram.bytes, "the integer scores until the head decision",
              problem, ceil_div(bits, 8), ", or /core/score_store recompute or auto");
  return false;
}

}  // namespace

void choose_strip_room(const HdpConfig& config, const Problem& problem, Layout& layout) {
  const CoreConfig& core = config.core;
  const StripRoom room(config, problem, layout);
  layout.late_decision = room.late_decision();
  layout.strip_rows = strip_rows(config, problem, room);
  layout.keep_scores = keeps_scores(config, problem, layout, room);
  layout.score_room_bits = 8 * core.score_sram.bytes;
  layout.q_plane_bytes = core.q_sram.bytes;
  if (!config.pruning) return;

  layout.q_int_resident = room.resident_q_bytes(layout.strip_rows) <= core.q_sram.bytes;
  if (layout.q_int_resident) {
    layout.q_kept_bytes = core.q_sram.bytes - room.slice_queries() * layout.integer_row_bytes;
  } else {
    layout.q_plane_bytes = layout.q_kept_bytes = core.q_sram.bytes / 2;
  }
  const std::int64_t mask_bits = 8 * core.mask_sram.bytes;
  layout.mask_room_bits = room.late_decision() ? room.mask_bits(0) : mask_bits / kMaskShare;
  layout.importance_room_bits = mask_bits - layout.mask_room_bits;
}

}  // namespace hdp
