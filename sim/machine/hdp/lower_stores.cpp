// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/slice_scratch.hpp"

namespace hdp {
namespace {

FetchRange range_of(const TensorRows& rows, std::int64_t first, std::int64_t count) {
  return {rows.start + static_cast<std::uint64_t>(first * rows.row_bytes),
          static_cast<std::uint32_t>(count * rows.row_bytes)};
}

/// The newest row of K and V, which the step adds to the cache.
void append_rows(SliceScratch& slice) {
  const std::int64_t newest = slice.input->problem.keys - 1;
  const auto append = [&](const TensorRows& rows) {
    if (rows.row_bytes != 0)
      slice.work->stores.push_back({.tensor = rows.tensor, .range = range_of(rows, newest, 1)});
  };
  append(slice.key_rows(Tensor::V));
  append(slice.key_rows(slice.prunes() ? Tensor::KInt : Tensor::K));
  if (!slice.prunes()) return;
  if (slice.layout->chunks.empty()) append(slice.key_rows(Tensor::KFrac));
  for (std::size_t c = 0; c < slice.layout->chunks.size(); ++c) append(slice.chunk_rows(c));
}

}  // namespace

void lower_stores(SliceScratch& slice) {
  SliceWork& work = *slice.work;
  if (slice.input->appends) append_rows(slice);
  const auto output = [&](const PlacedStrip& placed) {
    return range_of(slice.query_rows(Tensor::Out, placed.head), placed.strip.top,
                    placed.strip.height);
  };
  for (std::size_t o = 0; o < slice.order.size(); ++o)
    work.stores.push_back(
        {.range = output(slice.strips[slice.order[o]]), .values = slice.values_end[o]});
  if (!slice.core().write_zeros) return;
  for (const PlacedStrip& placed : slice.strips)
    if (!slice.kept(placed))
      work.stores.push_back(
          {.range = output(placed), .decided_head = static_cast<std::int32_t>(placed.head)});
}

}  // namespace hdp
