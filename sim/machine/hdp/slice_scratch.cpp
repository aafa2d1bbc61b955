// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/slice_scratch.hpp"

#include <algorithm>

namespace hdp {
namespace {

std::int64_t entries_in(std::span<const std::int32_t> blocks, std::int64_t block_size,
                        std::int64_t visible) {
  std::int64_t entries = 0;
  for (const std::int64_t block : blocks)
    entries += std::clamp<std::int64_t>(visible - block * block_size, 0, block_size);
  return entries;
}

struct Place {
  std::uint64_t start;
  std::int64_t row_bytes;
};

Place place_of(const Layout& layout, Tensor tensor) {
  switch (tensor) {
    case Tensor::QInt:
      return {layout.q_int, layout.integer_row_bytes};
    case Tensor::QFrac:
      return {layout.q_frac, layout.fraction_row_bytes};
    case Tensor::KInt:
      return {layout.k_int, layout.integer_row_bytes};
    case Tensor::KFrac:
      return {layout.k_frac, layout.fraction_row_bytes};
    case Tensor::Q:
      return {layout.q, layout.word_row_bytes};
    case Tensor::K:
      return {layout.k, layout.word_row_bytes};
    case Tensor::V:
      return {layout.v, layout.word_row_bytes};
    default:
      return {layout.out, layout.word_row_bytes};
  }
}

constexpr std::int64_t kNoBound = std::int64_t{1} << 60;

}  // namespace

/// Known heads go through tiles, fraction products and P.V in the same groups: were they cut in two
/// ways, a group could wait for room that only a later strip of the other one gives.
GroupSizes tile_room(const SliceScratch& slice) {
  const Layout& layout = *slice.layout;
  GroupSizes room{kNoBound, kNoBound, kNoBound, kNoBound, kNoBound};
  if (!layout.q_int_resident) room.q_tile_bytes = layout.q_plane_bytes;
  if (slice.prunes()) room.importance_bits = layout.importance_room_bits;
  if (!slice.decided()) return room;
  room.score_bits = layout.score_room_bits;
  if (!slice.prunes()) return room;
  room.q_kept_bytes = layout.q_kept_bytes;
  room.mask_bits = layout.mask_room_bits;
  return room;
}

GroupSizes kept_room(const SliceScratch& slice) {
  if (slice.decided()) return tile_room(slice);
  return {kNoBound, slice.layout->q_kept_bytes, slice.layout->score_room_bits, kNoBound, kNoBound};
}

void SliceScratch::begin(const Layout& to_layout, const SliceInput& from, SliceWork& to) {
  layout = &to_layout;
  input = &from;
  work = &to;
  to.clear();
  to.sequence = from.sequence;
  to.layer = from.layer;
  to.prunes = prunes();
  for (std::size_t h = 0; h < from.heads.size(); ++h)
    to.heads.push_back({from.heads[h], !prunes() || from.plans[h].head_kept, decided()});
  const Problem& problem = from.problem;
  const std::int64_t rows = to_layout.strip_rows, columns = core().pe_array.columns;
  strips.clear();
  order.clear();
  for (std::int64_t s = 0; s < strip_count(problem, rows); ++s)
    for (std::uint32_t h = 0; h < from.heads.size(); ++h) {
      const PlacedStrip& placed =
          strips.emplace_back(PlacedStrip{strip_at(problem, s, rows, columns), h});
      if (kept(placed)) order.push_back(strips.size() - 1);
    }
  blocks.resize(std::max(blocks.size(), strips.size()));
  if (prunes())
    for (const std::size_t s : order) blocks[s].collect(plan(strips[s].head), strips[s].strip);
  if (estimates()) collect_estimates();
  entries.assign(strips.size(), 0);
  sizes.assign(strips.size(), {});
  values_end.assign(order.size(), 0);
}

void SliceScratch::collect_estimates() {
  estimated.resize(std::max(estimated.size(), strips.size()));
  for (const std::size_t s : order) {
    const HdpPlan& of_head = plan(strips[s].head);
    const Strip& strip = strips[s].strip;
    EstimatedStrip& to = estimated[s];
    to.count = 1;
    for (std::int64_t i = 0; i < strip.height; ++i)
      for (const EntryFate& fate : of_head.estimates.row(strip.top + i))
        to.count = std::max<std::size_t>(to.count, fate.chunks + 1U);
    to.rounds.resize(std::max(to.rounds.size(), to.count));
    for (std::size_t round = 0; round < to.count; ++round)
      to.rounds[round].collect_keys(of_head, strip,
                                    [=](const EntryFate& fate) { return fate.chunks >= round; });
    to.survivors.collect_keys(of_head, strip, [](const EntryFate& fate) { return fate.survives; });
  }
}

std::int64_t SliceScratch::weighed(const PlacedStrip& placed, std::size_t strip,
                                   std::int64_t row) const {
  const std::int64_t visible = input->problem.visible(placed.strip.top + row);
  if (weighs_all()) return visible;
  if (estimates())
    return std::ranges::count_if(plan(placed.head).estimates.row(placed.strip.top + row),
                                 [](const EntryFate& fate) { return fate.survives; });
  return entries_in(blocks[strip].row(row / config.prune.block_size), config.prune.block_size,
                    visible);
}

std::int64_t SliceScratch::kept_entries(const PlacedStrip& placed, std::size_t strip) const {
  const std::int64_t b = config.prune.block_size;
  std::int64_t sum = 0;
  for (std::int64_t row = 0; row < placed.strip.height; ++row)
    sum +=
        entries_in(blocks[strip].row(row / b), b, input->problem.visible(placed.strip.top + row));
  return sum;
}

std::vector<GroupSizes> SliceScratch::kept_sizes() const {
  std::vector<GroupSizes> kept;
  for (const std::size_t s : order) kept.push_back(sizes[s]);
  return kept;
}

TensorRows SliceScratch::query_rows(Tensor tensor, std::uint32_t head) const {
  const auto [start, bytes] = place_of(*layout, tensor);
  const std::int64_t first = input->heads[head] * layout->shape.n_q + input->problem.first_query;
  return {tensor, start + static_cast<std::uint64_t>(first * bytes), bytes};
}

TensorRows SliceScratch::chunk_rows(std::size_t chunk) const {
  const LayerShape& shape = layout->shape;
  const ChunkPlane& plane = layout->chunks[chunk];
  const std::int64_t kv_head = input->heads.front() / (shape.heads / shape.kv_heads);
  return {Tensor::KFrac,
          plane.start + static_cast<std::uint64_t>(kv_head * shape.n_k * plane.row_bytes),
          plane.row_bytes};
}

TensorRows SliceScratch::key_rows(Tensor tensor) const {
  const LayerShape& shape = layout->shape;
  const auto [start, bytes] = place_of(*layout, tensor);
  const std::int64_t kv_head = input->heads.front() / (shape.heads / shape.kv_heads);
  return {tensor, start + static_cast<std::uint64_t>(kv_head * shape.n_k * bytes), bytes};
}

}  // namespace hdp
