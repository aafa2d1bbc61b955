// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "machine/hdp/layout_room.hpp"
#include "machine/hdp/slice_scratch.hpp"

namespace hdp {
namespace {

/// SRAM words of a tile of so many keys: rows of Q and K in order, scores out.
struct TileWords {
  std::int64_t q = 0, k = 0, k_fill = 0, scores = 0;
};

TileWords tile_words(const SliceScratch& slice, const Strip& strip, std::int64_t keys) {
  const CoreConfig& core = slice.core();
  const Layout& layout = *slice.layout;
  const std::int64_t bits =
      layout.shape.d * (slice.prunes() ? layout.qk_widths.integer_bits : layout.word_bits);
  return {.q = strip.height * words_of(core.q_sram, bits),
          .k = keys * words_of(core.k_sram, bits),
          .k_fill = keys * words_of(core.k_sram, 8 * slice.tile_row_bytes()),
          .scores = layout.keep_scores
                        ? strip.height * words_of(core.score_sram, keys * layout.score_bits)
                        : 0};
}

/// Port cycles of `tiles` tiles of a strip, each of so many keys; counts their words.
TilePorts tile_ports(SliceScratch& slice, const Strip& strip, std::int64_t keys,
                     std::int64_t tiles) {
  const CoreConfig& core = slice.core();
  const TileWords words = tile_words(slice, strip, keys);
  const TilePorts ports{.q_read = port_cycles(core.q_sram, words.q),
                        .k_read = port_cycles(core.k_sram, words.k),
                        .k_fill = port_cycles(core.k_sram, words.k_fill),
                        .score = port_cycles(core.score_sram, words.scores)};
  BufferTraffic& traffic = slice.work->totals.traffic;
  traffic.add_read(Buffer::Q, tiles * words.q);
  traffic.add_cycles(Buffer::Q, tiles * ports.q_read);
  traffic.add_read(Buffer::K, tiles * words.k);
  traffic.add_cycles(Buffer::K, tiles * ports.k_read);
  traffic.add_written(Buffer::Score, tiles * words.scores);
  traffic.add_cycles(Buffer::Score, tiles * ports.score);
  return ports;
}

/// The ports of a strip's tiles; the last tile of all keys has those that are there.
void add_tiles(SliceScratch& slice, const Strip& strip, StripWork& work) {
  const CoreConfig& core = slice.core();
  const std::int64_t keys = slice.input->problem.keys, columns = core.pe_array.columns;
  const bool edge = strip.tiles * columns > keys;
  work.tiles = strip.tiles;
  work.whole_tiles = strip.tiles - static_cast<std::int64_t>(edge);
  work.ports = tile_ports(slice, strip, columns, work.whole_tiles);
  if (edge) work.edge_ports = tile_ports(slice, strip, keys % columns, 1);
  const std::int64_t q_fill = strip.height * words_of(core.q_sram, 8 * slice.tile_row_bytes());
  work.q_fill = port_cycles(core.q_sram, q_fill);
  BufferTraffic& traffic = slice.work->totals.traffic;
  traffic.add_written(Buffer::Q, q_fill);
  traffic.add_cycles(Buffer::Q, work.q_fill);
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

  const auto written_of = [&](std::int64_t blocks) {
    return rows * words_of(core.mask_sram, blocks * importance);
  };
  const std::int64_t written = written_of(across);
  const std::int64_t add = std::max(engine_add_cycles(engine, rows * across).count,
                                    port_cycles(core.mask_sram, written));
  const bool ranks = slice.config.prune.rule == PruneRule::TopK;
  const HdpPlan& plan = slice.plan(placed.head);
  std::int64_t select = 0, words = 0, masks = 0, port = 0;
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::int64_t last = std::min(strip.height, (i + 1) * b) - 1;
    const std::int64_t blocks = ceil_div(slice.input->problem.visible(strip.top + last), b);
    // What is ranked is read once more to become the mask.
    const std::int64_t reads = ranks && plan.mask.count(strip.top / b + i) < blocks ? 2 : 1;
    const std::int64_t row_words = reads * words_of(core.mask_sram, blocks * importance);
    const std::int64_t mask_words = words_of(core.mask_sram, blocks);
    const std::int64_t row_port = port_cycles(core.mask_sram, row_words + mask_words);
    select += std::max(engine_select_cycles(engine, blocks).count, row_port);
    port += row_port;
    words += row_words;
    masks += mask_words;
  }
  if (ranks) {
    const BlockRanking ranking = slice.ranker.rows(plan, strip.top / b, rows);
    select = std::max(ranking.cycles.count, port);
    slice.work->totals.comparisons += ranking.comparisons;
    slice.work->totals.ranking_cycles += ranking.passing_cycles;
  }
  work.engine_add = static_cast<std::int32_t>(add);
  work.engine_select = static_cast<std::int32_t>(select);
  const std::int64_t edge_keys = slice.input->problem.keys % core.pe_array.columns;
  const std::int64_t at_edge =
      work.tiles == work.whole_tiles ? 0 : written_of(ceil_div(edge_keys, b));
  traffic.add_written(Buffer::Mask, work.whole_tiles * written + at_edge + masks);
  traffic.add_read(Buffer::Mask, words);
  traffic.add_cycles(Buffer::Mask, work.whole_tiles * port_cycles(core.mask_sram, written) +
                                       port_cycles(core.mask_sram, at_edge) + port);
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

/// Entries whose scores wait behind the integer pass: all that will be weighed, and those that
/// probability estimation will still drop.
std::int64_t waiting_entries(const SliceScratch& slice, std::size_t s) {
  const PlacedStrip& placed = slice.strips[s];
  if (!slice.estimates()) return slice.entries[s];
  return slice.kept(placed) ? slice.kept_entries(placed, s) : 0;
}

/// What a strip takes of the SRAMs. Scores have the room of all that its queries see where the
/// integer ones are kept, else of those in kept blocks.
GroupSizes sizes_of(const SliceScratch& slice, std::size_t s) {
  const Layout& layout = *slice.layout;
  const Strip& strip = slice.strips[s].strip;
  GroupSizes sizes;
  const std::int64_t scores =
      layout.keep_scores ? strip.height * strip.visible : waiting_entries(slice, s);
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

/// FQ.IK of kept entries, a product a chunk that is read, and P.V of survivors.
void add_estimates(SliceScratch& slice, const HdpPlan& plan) {
  WorkTotals& totals = slice.work->totals;
  const EstimateCounts& counts = plan.estimate_counts;
  const std::int64_t d = slice.layout->shape.d;
  std::int64_t& fraction = totals.macs[static_cast<std::size_t>(Phase::Fraction)];
  if (slice.layout->has_fractions()) fraction += counts.entries * d;
  for (std::size_t c = 0; c < counts.fetched_per_chunk.size(); ++c) {
    totals.chunk_macs[c] += counts.fetched_per_chunk[c] * d;
    fraction += counts.fetched_per_chunk[c] * d;
  }
  totals.macs[static_cast<std::size_t>(Phase::Value)] += counts.survivors * d;
  totals.bounds += counts.entries + counts.chunks_fetched();
  totals.margin_elements += plan.problem.queries * d;
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
  if (!slice.layout->keep_scores) totals.recompute_macs += kept;
  if (slice.estimates()) {
    add_estimates(slice, plan);
    return;
  }
  if (slice.layout->has_fractions())
    macs(Phase::Fraction) += (slice.config.prune.approximation ? 2 : 3) * kept;
  macs(Phase::Value) += slice.weighs_all() ? all : kept;
}

}  // namespace

void lower_strips(SliceScratch& slice) {
  const Layout& layout = *slice.layout;
  SliceWork& work = *slice.work;
  for (std::size_t s = 0; s < slice.strips.size(); ++s) {
    const PlacedStrip& placed = slice.strips[s];
    StripWork& strip = work.strips.emplace_back();
    strip.head = placed.head;
    strip.tile_cycles = slice.prunes() ? integer_tile_cycles(slice.core().pe_array.precision,
                                                             layout.shape.d, layout.qk_widths)
                                             .count
                                       : score_tile_cycles(layout.shape.d).count;
    add_tiles(slice, placed.strip, strip);
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
