// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/kept_queries.hpp"

namespace hdp {

KeptQueries::KeptQueries(SliceScratch& slice, LoadList& loads)
    : slice_(slice),
      loads_(loads),
      needs_integers_(slice.layout->has_fractions() || !slice.layout->keep_scores),
      fetches_fractions_(slice.layout->has_fractions() && slice.layout->fraction_row_bytes != 0),
      room_(slice.layout->q_kept_bytes) {
  Room scores(slice.layout->score_room_bits);
  for (const GroupSizes& strip : slice.kept_sizes()) {
    const std::size_t gone = slice.layout->keep_scores ? 0 : scores.enter(strip.score_bits);
    values_before_.push_back(gone == 0 ? 0 : slice.values_end[gone - 1]);
  }
}

void KeptQueries::read_masks(const Strip& strip) {
  const SramConfig& mask_sram = slice_.core().mask_sram;
  const std::int64_t b = slice_.key_unit();
  const std::int64_t words =
      ceil_div(strip.height, b) * words_of(mask_sram, ceil_div(strip.visible, b));
  slice_.work->totals.traffic.add_read(Buffer::Mask, words);
  slice_.work->totals.traffic.add_cycles(Buffer::Mask, port_cycles(mask_sram, words));
}

std::int64_t KeptQueries::load(std::size_t o, const std::vector<std::int64_t>& ends) {
  const PlacedStrip& placed = slice_.strips[slice_.order[o]];
  const SramConfig& q_sram = slice_.core().q_sram;
  read_masks(placed.strip);
  const std::size_t gone = room_.enter(slice_.sizes[slice_.order[o]].q_kept_bytes);
  const std::int64_t after = gone == 0 ? 0 : ends[gone - 1];
  std::int64_t words = 0;
  const auto load = [&](Tensor tensor) {
    const TensorRows rows = slice_.query_rows(tensor, placed.head);
    loads_.open(rows, Gate::Fractions, after, slice_.strips_of({o, 1}));
    loads_.rows(placed.strip.top, placed.strip.height);
    words += loads_.fetched() * words_of(q_sram, 8 * rows.row_bytes);
  };
  if (needs_integers_ && !slice_.layout->q_int_resident) load(Tensor::QInt);
  if (fetches_fractions_) load(Tensor::QFrac);
  slice_.work->totals.traffic.add_written(Buffer::Q, words);
  return port_cycles(q_sram, words);
}

}  // namespace hdp
