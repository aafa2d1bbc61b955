// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "machine/hdp/layout_room.hpp"
#include "machine/hdp/slice_scratch.hpp"

namespace hdp {
namespace {

/// Words and port cycles of one tile of a strip: rows of Q and K in order, scores out.
TilePorts tile_ports(SliceScratch& slice, const Strip& strip) {
  const CoreConfig& core = slice.core();
  const Layout& layout = *slice.layout;
  const std::int64_t d = layout.shape.d, columns = core.pe_array.columns;
  const std::int64_t bits = d * (slice.prunes() ? layout.qk_widths.integer_bits : layout.word_bits);
  const std::int64_t fetched =
      8 * (slice.prunes() ? layout.integer_row_bytes : layout.word_row_bytes);
  const std::int64_t q = strip.height * words_of(core.q_sram, bits);
  const std::int64_t k = columns * words_of(core.k_sram, bits);
  const std::int64_t q_fill = strip.height * words_of(core.q_sram, fetched);
  const std::int64_t k_fill = columns * words_of(core.k_sram, fetched);
  const std::int64_t scores =
      layout.keep_scores ? strip.height * words_of(core.score_sram, columns * layout.score_bits)
                         : 0;
  const TilePorts ports{port_cycles(core.q_sram, q), port_cycles(core.q_sram, q_fill),
                        port_cycles(core.k_sram, k), port_cycles(core.k_sram, k_fill),
                        port_cycles(core.score_sram, scores)};
  BufferTraffic& traffic = slice.work->totals.traffic;
  traffic.add_read(Buffer::Q, strip.tiles * q);
  traffic.add_written(Buffer::Q, q_fill);
  traffic.add_cycles(Buffer::Q, strip.tiles * ports.q_read + ports.q_fill);
  traffic.add_read(Buffer::K, strip.tiles * k);
  traffic.add_cycles(Buffer::K, strip.tiles * ports.k_read);
  traffic.add_written(Buffer::Score, strip.tiles * scores);
  traffic.add_cycles(Buffer::Score, strip.tiles * ports.score);
  return ports;
}

/// The engine sums importances tile by tile, then reads those of a strip and writes its masks: as
/// fast as its adders and comparators and as the mask SRAM's ports.
void add_engine(SliceScratch& slice, const PlacedStrip& placed, StripWork& work) {
  const CoreConfig& core = slice.core();
  const SparsityEngineConfig& engine = core.sparsity_engine;
  const Strip& strip = placed.strip;
  const std::int64_t b = slice.config.prune.block_size, importance = slice.layout->importance_bits;
  const std::int64_t rows = ceil_div(strip.height, b), across = core.pe_array.columns / b;
  BufferTraffic& traffic = slice.work->totals.traffic;

  const std::int64_t written = rows * words_of(core.mask_sram, across * importance);
  const std::int64_t add = std::max(engine_add_cycles(engine, rows * across).count,
                                    port_cycles(core.mask_sram, written));
  std::int64_t select = 0, words = 0, masks = 0, port = 0;
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::int64_t last = std::min(strip.height, (i + 1) * b) - 1;
    const std::int64_t blocks = ceil_div(slice.input->problem.visible(strip.top + last), b);
    const std::int64_t row_words = words_of(core.mask_sram, blocks * importance);
    const std::int64_t mask_words = words_of(core.mask_sram, blocks);
    const std::int64_t row_port = port_cycles(core.mask_sram, row_words + mask_words);
    select += std::max(engine_select_cycles(engine, blocks).count, row_port);
    port += row_port;
    words += row_words;
    masks += mask_words;
  }
  if (slice.config.prune.rule == PruneRule::TopK) {
    const BlockRanking ranking = slice.ranker.rows(slice.plan(placed.head), strip.top / b, rows);
    select = std::max(ranking.cycles.count, port);
    slice.work->totals.comparisons += ranking.comparisons;
  }
  work.engine_add = static_cast<std::int32_t>(add);
  work.engine_select = static_cast<std::int32_t>(select);
  traffic.add_written(Buffer::Mask, strip.tiles * written + masks);
  traffic.add_read(Buffer::Mask, words);
  traffic.add_cycles(Buffer::Mask, strip.tiles * port_cycles(core.mask_sram, written) + port);
}

/// Scores in, probabilities out through the second port of the score SRAM.
void add_softmax(SliceScratch& slice, std::size_t s, StripWork& work) {
  const CoreConfig& core = slice.core();
  const PlacedStrip& placed = slice.strips[s];
  WorkTotals& totals = slice.work->totals;
  std::int64_t scores = 0, probabilities = 0;
  for (std::int64_t row = 0; row < placed.strip.height; ++row) {
    const std::int64_t weighed = slice.weighed(placed, s, row);
    slice.entries[s] += weighed;
    totals.softmax_rows += static_cast<std::int64_t>(weighed != 0);
    work.softmax_cycles += softmax_row_cycles(core.softmax, weighed).count;
    scores += words_of(core.score_sram, weighed * slice.layout->score_bits);
    probabilities += words_of(core.score_sram, weighed * slice.layout->word_bits);
  }
  work.softmax_cycles =
      std::max(work.softmax_cycles, port_cycles(core.score_sram, scores + probabilities));
  totals.softmax_entries += slice.entries[s];
  totals.traffic.add_read(Buffer::Score, scores);
  totals.traffic.add_written(Buffer::Score, probabilities);
}

/// The strip whose masks settle a head. With early_keep it is the first one at whose end the sum of
/// |S_int| exceeds the limit.
std::int64_t deciding_strip(const SliceScratch& slice, const HdpPlan& plan) {
  const std::int64_t strips = strip_count(slice.input->problem, slice.layout->strip_rows);
  if (!slice.core().early_keep || !plan.head_kept) return strips - 1;
  const std::int64_t per_strip = ceil_div(slice.layout->strip_rows, plan.block_size);
  const std::int64_t limit = plan.head_limit.value_or(-1);
  std::int64_t partial = 0;
  for (std::size_t i = 0; i < plan.theta_rows.size(); ++i) {
    partial += plan.theta_rows[i];
    const auto row = static_cast<std::int64_t>(i);
    if ((row + 1) % per_strip == 0 && partial > limit) return row / per_strip;
  }
  return strips - 1;
}

/// What a strip takes of the SRAMs. Scores have the room of all that its queries see where the
/// integer ones are kept, else of those in kept blocks.
GroupSizes sizes_of(const SliceScratch& slice, std::size_t s) {
  const Layout& layout = *slice.layout;
  const Strip& strip = slice.strips[s].strip;
  GroupSizes sizes;
  const std::int64_t scores = layout.keep_scores ? strip.height * strip.visible : slice.entries[s];
  sizes.score_bits = scores * layout.score_bits;
  if (!layout.v_resident) sizes.score_bits += strip.height * layout.shape.d * kOutputBits;
  if (!slice.prunes()) {
    sizes.q_tile_bytes = strip.height * layout.word_row_bytes;
    return sizes;
  }
  sizes.q_tile_bytes = strip.height * layout.integer_row_bytes;
  sizes.q_kept_bytes = strip.height * layout.fraction_row_bytes;
  if (!layout.q_int_resident) sizes.q_kept_bytes += sizes.q_tile_bytes;
  const std::int64_t b = slice.config.prune.block_size;
  sizes.mask_bits = ceil_div(strip.height, b) * ceil_div(strip.visible, b);
  sizes.importance_bits = sizes.mask_bits * layout.importance_bits;
  return sizes;
}

void add_macs(SliceScratch& slice, const HdpPlan& plan) {
  WorkTotals& totals = slice.work->totals;
  const std::int64_t d = slice.layout->shape.d, all = slice.input->problem.entries() * d;
  const auto macs = [&](Phase phase) -> std::int64_t& {
    return totals.macs[static_cast<std::size_t>(phase)];
  };
  totals.blocks += plan.blocks_existing;
  macs(Phase::Integer) += all;
  if (!plan.head_kept) return;
  const std::int64_t kept = plan.kept_entries * d;
  if (slice.layout->has_fractions())
    macs(Phase::Fraction) += (slice.config.prune.approximation ? 2 : 3) * kept;
  macs(Phase::Value) += slice.weighs_all() ? all : kept;
  if (!slice.layout->keep_scores) totals.recompute_macs += kept;
}

}  // namespace

void lower_strips(SliceScratch& slice) {
  const Layout& layout = *slice.layout;
  SliceWork& work = *slice.work;
  for (std::size_t s = 0; s < slice.strips.size(); ++s) {
    const PlacedStrip& placed = slice.strips[s];
    StripWork& strip = work.strips.emplace_back();
    strip.head = placed.head;
    strip.tiles = placed.strip.tiles;
    strip.tile_cycles = slice.prunes() ? integer_tile_cycles(slice.core().pe_array.precision,
                                                             layout.shape.d, layout.qk_widths)
                                             .count
                                       : score_tile_cycles(layout.shape.d).count;
    strip.ports = tile_ports(slice, placed.strip);
    if (slice.prunes()) add_engine(slice, placed, strip);
    if (slice.kept(placed)) add_softmax(slice, s, strip);
    slice.sizes[s] = sizes_of(slice, s);
  }
  const auto heads = static_cast<std::int64_t>(work.heads.size());
  for (std::int64_t h = 0; h < heads; ++h) {
    if (!slice.prunes()) {
      for (const Phase phase : {Phase::Score, Phase::Value})
        work.totals.macs[static_cast<std::size_t>(phase)] +=
            slice.input->problem.entries() * layout.shape.d;
      continue;
    }
    const HdpPlan& plan = slice.plan(static_cast<std::uint32_t>(h));
    add_macs(slice, plan);
    if (slice.decided()) continue;
    work.strips[work.strips.size() - static_cast<std::size_t>(heads - h)].engine_select +=
        static_cast<std::int32_t>(slice.core().sparsity_engine.head_test_cycles);
    work.strips[static_cast<std::size_t>(deciding_strip(slice, plan) * heads + h)].decides = true;
  }
}

}  // namespace hdp
