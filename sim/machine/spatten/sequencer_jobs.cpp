// SPDX-License-Identifier: Apache-2.0
// What the sequencer hands out: loads, jobs for the arrays and the top-k engine, and why none.
#include <algorithm>

#include "machine/spatten/sequencer.hpp"

namespace hdp::spatten {

/// Local value pruning, query by query in order; one that uses all values passes at once.
void Sequencer::rank_queries(Cycle now) {
  for (const std::uint32_t slot : flows_) {
    Flow& head = flow(slot);
    while (head.ranked_given < head.scored) {
      const std::int64_t cycles = head.of(head.ranked_given).top_k_cycles;
      if (cycles == 0) {
        if (head.ranked < head.ranked_given) break;
        ++head.ranked;
      } else {
        if (!out_rankings_.can_push(now)) return;
        const auto query = static_cast<std::uint32_t>(head.ranked_given);
        out_rankings_.push(now, {{slot, query}, cycles});
        head.phase(RecordedPhase::Decide, query).cover(now, now);
      }
      ++head.ranked_given;
      progress_ = true;
    }
  }
}

/// One load a cycle: outputs first, with the rows that the slice appends, then LSBs, V and K of the
/// oldest slice that wants some. Writes go together, as a turn of the memory's bus costs more than
/// they do.
bool Sequencer::ask(Cycle now) {
  if (!out_fetches_.can_push(now)) return false;
  bool values_in_turn = true;
  for (const std::uint32_t slot : flows_) {
    Flow& head = flow(slot);
    if (config_.write_output && head.computed() && !head.output_asked) {
      head.output_asked = true;
      out_fetches_.push(
          now, {head.work.outputs.data(), static_cast<std::uint32_t>(head.work.outputs.size()),
                slot, static_cast<std::uint8_t>(Stream::Output), Tensor::Out, true});
      return true;
    }
    if (head.computed() && ask(now, slot, head.work.appends, head.appends_asked, Stream::Append))
      return true;
    if (!head.seconds.empty() && ask(now, slot, head.work.lsb_loads, head.lsbs.asked, Stream::Lsbs))
      return true;
    values_in_turn = values_in_turn &&
                     (head.value_room_taken || (head.values_chosen() && take_value_room(head)));
    if (values_in_turn && ask(now, slot, head.work.value_loads, head.values.asked, Stream::Values))
      return true;
    if (ask(now, slot, head.work.key_loads, head.keys.asked, Stream::Keys)) return true;
  }
  return false;
}

bool Sequencer::ask(Cycle now, std::uint32_t slot, const std::vector<Load>& loads,
                    std::int64_t& asked, Stream stream) {
  if (asked == std::ssize(loads)) return false;
  const Load& load = loads[static_cast<std::size_t>(asked++)];
  out_fetches_.push(now,
                    {flow(slot).work.ranges.data() + load.first_range, load.ranges, slot,
                     static_cast<std::uint8_t>(stream), load.tensor, stream == Stream::Append});
  return true;
}

bool Sequencer::take_value_room(Flow& head) {
  const std::int64_t room = std::ssize(head.pass().values) * head.pass().d * config_.word_bits;
  // All K first: V that waits for a query must not keep K from coming.
  if (head.keys.asked < std::ssize(head.work.key_loads) || v_bits_free_ < room) return false;
  v_bits_free_ -= room;
  head.value_room = room;
  head.value_room_taken = true;
  return true;
}

bool Sequencer::give_scores(Cycle now) {
  if (!out_scores_.can_push(now)) return false;
  if (give_second(now)) return true;
  for (const std::uint32_t slot : flows_) {
    Flow& head = flow(slot);
    if (head.all_given()) continue;
    const bool starts = head.tile == 0;
    if (starts && rows_in_flight_ == config_.score_rows) return false;
    if (head.keys.converted < head.tile + 2) return false;  // Q and the tiles up to this one
    give_score_tile(now, slot, head.query, head.tile);
    if (starts) ++rows_in_flight_;
    if (head.tile == 0) ++head.query;
    return true;
  }
  return false;
}

bool Sequencer::give_second(Cycle now) {
  for (const std::uint32_t slot : flows_) {
    Flow& head = flow(slot);
    if (!head.second_waits() || head.lsbs.converted <= head.second_tile) continue;
    give_score_tile(now, slot, head.seconds[head.second], head.second_tile);
    if (head.second_tile == 0) ++head.second;
    return true;
  }
  return false;
}

/// Goes on to the next tile; behind the last one back to 0.
void Sequencer::give_score_tile(Cycle now, std::uint32_t slot, std::int64_t query,
                                std::int64_t& tile) {
  const Flow& head = flow(slot);
  const SpattenQueryWork& work = head.of(query);
  const std::int64_t first = tile * config_.tile_keys;
  const bool last = tile + 1 == score_tiles(work);
  out_scores_.push(now, {.id = {slot, static_cast<std::uint32_t>(query)},
                         .phase = Phase::Score,
                         .to_softmax = last,
                         .softmax = softmax_row_cycles(config_.softmax, work.keys).count,
                         .compute = Lanes(config_.multipliers, head.pass().d)
                                        .cycles(std::min(config_.tile_keys, work.keys - first))});
  tile = last ? 0 : tile + 1;
}

void Sequencer::give_values(Cycle now) {
  if (!out_values_.can_push(now)) return;
  for (const std::uint32_t slot : flows_) {
    Flow& head = flow(slot);
    if (head.value_query == head.queries()) continue;
    if (head.ranked <= head.value_query) return;
    const SpattenQueryWork& work = head.of(head.value_query);
    const bool single = head.pass().single();
    if (head.values.converted < value_loads(head)) return;
    const std::int64_t first = head.value_job * config_.tile_keys;
    const std::int64_t count =
        single ? std::min(config_.tile_keys, work.values - first) : work.values;
    out_values_.push(now, {.id = {slot, static_cast<std::uint32_t>(head.value_query)},
                           .phase = Phase::Value,
                           .compute = Lanes(config_.multipliers, head.pass().d).cycles(count)});
    if (++head.value_job == value_jobs(head, head.value_query)) {
      head.value_job = 0;
      ++head.value_query;
    }
    progress_ = true;
    return;
  }
}

std::int64_t Sequencer::score_tiles(const SpattenQueryWork& query) const {
  return ceil_div(query.keys, config_.tile_keys);
}

std::int64_t Sequencer::value_jobs(const Flow& head, std::int64_t query) const {
  return head.pass().single() ? ceil_div(head.of(query).values, config_.tile_keys) : 1;
}

/// Of V, that the next job needs.
std::int64_t Sequencer::value_loads(const Flow& head) const {
  const SpattenQueryWork& work = head.of(head.value_query);
  if (!head.pass().single()) return score_tiles(work);
  if (work.value_ends.empty()) return head.value_job + 1;
  return ceil_div(std::int64_t{work.value_ends[static_cast<std::size_t>(head.value_job)]},
                  config_.tile_keys);
}

PeWait Sequencer::score_wait() const {
  for (const std::uint32_t slot : flows_) {
    const Flow& head = slots_[slot];
    if (head.second_waits()) return PeWait::Memory;
    if (head.all_given()) continue;
    const bool full = head.tile == 0 && rows_in_flight_ == config_.score_rows;
    return full ? PeWait::Output : PeWait::Memory;
  }
  if (gate_.shut) return PeWait::Decision;
  if (next_pass_ == passes_.size()) return PeWait::Nothing;
  return PeWait::Output;  // no room for the next head
}

PeWait Sequencer::value_wait() const {
  for (const std::uint32_t slot : flows_) {
    const Flow& head = slots_[slot];
    const std::int64_t query = head.value_query;
    if (query == head.queries()) continue;
    if (head.ranked > query) return PeWait::Memory;
    if (head.scored > query) return PeWait::TopK;
    const bool scoring = head.query <= query || head.second_waits();
    return scoring ? PeWait::Scores : PeWait::Softmax;
  }
  if (gate_.shut) return PeWait::Decision;
  return next_pass_ == passes_.size() ? PeWait::Nothing : PeWait::Scores;
}

}  // namespace hdp::spatten
