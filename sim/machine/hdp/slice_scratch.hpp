// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "machine/hdp/kept_blocks.hpp"
#include "machine/hdp/kept_cycles.hpp"
#include "machine/hdp/load_list.hpp"
#include "machine/hdp/room.hpp"
#include "machine/hdp/strips.hpp"
#include <hdp/machine/hdp/lowering.hpp>
#include <hdp/units/block_ranker.hpp>

namespace hdp {

/// A strip of one head of a slice.
struct PlacedStrip {
  Strip strip;
  std::uint32_t head = 0;  ///< Place among the heads of the slice.
};

/// What probability estimation leaves of a strip: by round the keys that are still alive before it,
/// and behind the last those whose V is read. Round 0 is of the integer plane, round c of chunk c.
struct EstimatedStrip {
  std::vector<KeptBlocks> rounds;
  std::size_t count = 0;  ///< Of rounds; storage of others is kept.
  KeptBlocks survivors;
};

/// A slice on its way from decisions to work: what the passes of the lowering share.
class SliceScratch {
 public:
  explicit SliceScratch(const HdpConfig& machine)
      : config(machine), cycles(machine), ranker(machine.core.sparsity_engine.top_k) {}
  SliceScratch(const SliceScratch&) = delete;
  SliceScratch& operator=(const SliceScratch&) = delete;

  void begin(const Layout& to_layout, const SliceInput& from, SliceWork& to);

  [[nodiscard]] const CoreConfig& core() const { return config.core; }
  [[nodiscard]] const HdpPlan& plan(std::uint32_t head) const { return input->plans[head]; }
  [[nodiscard]] bool prunes() const { return !input->plans.empty(); }
  /// Kept entries go through rounds of probability estimation.
  [[nodiscard]] bool estimates() const { return prunes() && config.estimates(); }
  /// Every key that a query sees is weighed: dense attention, and `masked: zero`.
  [[nodiscard]] bool weighs_all() const { return !prunes() || config.prune.masked == Masked::Zero; }
  /// Heads are known to be kept from the start.
  [[nodiscard]] bool decided() const { return !layout->late_decision; }
  [[nodiscard]] bool kept(const PlacedStrip& strip) const { return work->heads[strip.head].kept; }
  /// Columns of blocks that cover all keys; dense attention counts keys.
  [[nodiscard]] std::int64_t key_unit() const { return prunes() ? config.prune.block_size : 1; }
  /// Columns of P.V, which are keys behind probability estimation.
  [[nodiscard]] std::int64_t value_unit() const { return estimates() ? 1 : key_unit(); }
  [[nodiscard]] const KeptBlocks& value_columns(std::size_t strip) const {
    return estimates() ? estimated[strip].survivors : blocks[strip];
  }
  /// Bytes of a row of Q or K that the first product fetches.
  [[nodiscard]] std::int64_t tile_row_bytes() const {
    return prunes() ? layout->integer_row_bytes : layout->word_row_bytes;
  }
  [[nodiscard]] std::int64_t key_columns() const {
    return ceil_div(input->problem.keys, key_unit());
  }
  /// Keys that query `row` of a strip weighs.
  [[nodiscard]] std::int64_t weighed(const PlacedStrip& placed, std::size_t strip,
                                     std::int64_t row) const;
  /// Entries of a strip in kept blocks.
  [[nodiscard]] std::int64_t kept_entries(const PlacedStrip& placed, std::size_t strip) const;

  /// The strips of a group of places in `order`, as those whose masks a load takes.
  [[nodiscard]] StripRange strips_of(const StripGroup& group) const {
    return {static_cast<std::uint32_t>(order[group.first]),
            static_cast<std::uint32_t>(order[group.first + group.count - 1] + 1)};
  }

  /// By place in `order`.
  [[nodiscard]] std::vector<GroupSizes> kept_sizes() const;

  /// Rows of the slice's queries or keys in DRAM.
  [[nodiscard]] TensorRows query_rows(Tensor tensor, std::uint32_t head) const;
  [[nodiscard]] TensorRows key_rows(Tensor tensor) const;
  [[nodiscard]] TensorRows chunk_rows(std::size_t chunk) const;

  const HdpConfig config;
  const Layout* layout = nullptr;
  const SliceInput* input = nullptr;
  SliceWork* work = nullptr;
  std::vector<PlacedStrip> strips;        ///< By position, then by head.
  std::vector<KeptBlocks> blocks;         ///< By strip; of kept heads.
  std::vector<EstimatedStrip> estimated;  ///< By strip; of kept heads.
  std::vector<std::size_t> order;         ///< Strips of kept heads.
  std::vector<std::int64_t> entries;      ///< Weighed entries, by strip.
  std::vector<GroupSizes> sizes;          ///< By strip.
  std::vector<std::int64_t> values_end;   ///< By place in `order`: P.V jobs when it has ended.
  KeptCycleCounter cycles;
  BlockRanker ranker;

 private:
  void collect_estimates();
};

/// The numbers of every strip, and what the array, the engine and the ports do in its tiles.
void lower_strips(SliceScratch& slice);
/// What a group of strips may take, behind its tiles and in them.
GroupSizes kept_room(const SliceScratch& slice);
GroupSizes tile_room(const SliceScratch& slice);
/// P.V, and what it fetches.
void lower_values(SliceScratch& slice);
/// Fraction products of kept blocks, and what they fetch; after P.V, which makes room for them.
void lower_fractions(SliceScratch& slice);
/// The same in rounds, in each of them what the one before has left alive.
void lower_estimates(SliceScratch& slice);
/// Groups of strips and the loads of their tiles; after P.V.
void lower_tiles(SliceScratch& slice);
/// Outputs, zeros, and new rows of the KV cache.
void lower_stores(SliceScratch& slice);

}  // namespace hdp
