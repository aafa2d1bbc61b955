// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "machine/hdp/slice_scratch.hpp"

namespace hdp {
namespace {

/// The first product of a slice: which strips share a tile of K, and when rows of Q and K may come.
class TilePass {
 public:
  explicit TilePass(SliceScratch& slice)
      : slice_(slice),
        layout_(*slice.layout),
        core_(slice.core()),
        work_(*slice.work),
        loads_(work_, work_.plane_loads),
        k_rows_(slice.key_rows(slice.prunes() ? Tensor::KInt : Tensor::K)),
        resident_(slice.prunes() ? layout_.k_int_resident : layout_.k_resident),
        q_room_(layout_.q_plane_bytes) {}

  void lower() {
    make_room_for_scores();
    for (const StripGroup& strips : resident_ ? single_strips(slice_.strips.size())
                                              : groups_of(slice_.sizes, tile_room(slice_))) {
      const TileGroup group{.first = static_cast<std::uint32_t>(strips.first),
                            .strips = static_cast<std::uint32_t>(strips.count),
                            .tiles = work_.strips[strips.first + strips.count - 1].tiles,
                            .loads_before = loads_.count(),
                            .resident_tiles = resident_ ? resident_tiles_ : 0};
      load_queries(strips);
      std::int64_t done = jobs_;
      for (std::int64_t t = 0; t < group.tiles; ++t) {
        for (std::size_t s = strips.first; s < strips.first + strips.count; ++s)
          done += static_cast<std::int64_t>(t < work_.strips[s].tiles);
        if (group.fresh(t)) load_tile(t, done);
      }
      jobs_ = done;
      q_ends_.resize(strips.first + strips.count, jobs_);
      resident_tiles_ = std::max(resident_tiles_, group.tiles);
      work_.groups.push_back(group);
    }
    if (!resident_) work_.totals.further_groups += std::ssize(work_.groups) - 1;
  }

 private:
  /// A strip's tiles begin once P.V of earlier strips has left room for its scores and masks.
  void make_room_for_scores() {
    if (!slice_.decided()) return;  // all of them fit
    const GroupSizes room = tile_room(slice_);
    // Without integer scores that are kept, a strip in its tiles has none (lower_fractions).
    Room scores(room.score_bits), masks(room.mask_bits);
    for (std::size_t s = 0; s < work_.strips.size(); ++s) {
      const std::size_t gone =
          std::max(scores.enter(layout_.keep_scores ? slice_.sizes[s].score_bits : 0),
                   masks.enter(slice_.sizes[s].mask_bits));
      work_.strips[s].values_before = gone == 0 ? 0 : slice_.values_end[gone - 1];
    }
  }

  void load_queries(const StripGroup& group) {
    for (std::size_t s = group.first; s < group.first + group.count; ++s) {
      const PlacedStrip& placed = slice_.strips[s];
      const std::size_t gone =
          layout_.q_int_resident ? 0 : q_room_.enter(slice_.sizes[s].q_tile_bytes);
      loads_.open(slice_.query_rows(slice_.prunes() ? Tensor::QInt : Tensor::Q, placed.head),
                  Gate::Tiles, gone == 0 ? 0 : q_ends_[gone - 1]);
      loads_.rows(placed.strip.top, placed.strip.height);
    }
  }

  /// Tile t, which is in use until so many tile jobs are done.
  void load_tile(std::int64_t t, std::int64_t done) {
    const std::size_t number = tile_ends_.size();
    const auto held = static_cast<std::size_t>(layout_.tiles_held);
    loads_.open(k_rows_, Gate::Tiles, resident_ || number < held ? 0 : tile_ends_[number - held]);
    const std::int64_t first = t * core_.pe_array.columns;
    const std::int64_t keys = std::min(core_.pe_array.columns, slice_.input->problem.keys - first);
    loads_.rows(first, keys);
    tile_ends_.push_back(done);
    const std::int64_t words = keys * words_of(core_.k_sram, 8 * k_rows_.row_bytes);
    work_.totals.traffic.add_written(Buffer::K, words);
    work_.totals.traffic.add_cycles(Buffer::K, port_cycles(core_.k_sram, words));
  }

  SliceScratch& slice_;
  const Layout& layout_;
  const CoreConfig& core_;
  SliceWork& work_;
  LoadList loads_;
  TensorRows k_rows_;
  bool resident_;  ///< K stays once loaded; else every group streams it again.
  Room q_room_;
  std::int64_t jobs_ = 0, resident_tiles_ = 0;
  std::vector<std::int64_t> q_ends_;     ///< By strip: tile jobs that have used its rows of Q.
  std::vector<std::int64_t> tile_ends_;  ///< By load of a tile: tile jobs that have used it.
};

}  // namespace

void lower_tiles(SliceScratch& slice) { TilePass(slice).lower(); }

}  // namespace hdp
