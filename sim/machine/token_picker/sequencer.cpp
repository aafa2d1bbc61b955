// SPDX-License-Identifier: Apache-2.0
#include "machine/token_picker/sequencer.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace hdp::token_picker {

Sequencer::Sequencer(std::string name, const Ports& ports, const TokenPickerConfig& config,
                     std::span<const Trace> sequences, bool fidelity)
    : Unit(std::move(name)),
      out_urgent_(drive(ports.out_urgent)),
      out_stream_(drive(ports.out_stream)),
      in_done_(listen(ports.in_done)),
      out_wait_(drive(ports.out_wait)),
      in_verdicts_(listen(ports.in_verdicts)),
      in_values_(listen(ports.in_values)),
      out_softmax_(drive(ports.out_softmax)),
      in_softmax_(listen(ports.in_softmax)),
      config_(config),
      layout_(config, sequences),
      decider_(config, sequences, fidelity),
      slices_(slices_of(config, sequences)),
      slots_(static_cast<std::size_t>(config.slices_in_flight)),
      free_slots_(slots_.size()),
      score_bytes_free_(config.score_buffer_bytes),
      buffer_free_(config.kv_buffer.bytes),
      scoreboard_(config.scoreboard_entries) {
  std::iota(free_slots_.rbegin(), free_slots_.rend(), 0U);
  records_.reserve(slices_.size());
  totals_.chunks_read.resize(config.prune.chunk_bits.size());
}

void Sequencer::tick(Cycle now) {
  using State = TimeSplit<ControlWait>::State;
  progress_ = entry_wanted_ = false;
  take_results(now);
  for (const std::uint32_t slot : flows_) advance(now, slot);
  release();
  take_slice();
  ask(now);
  scoreboard_.account(entry_wanted_, now);
  out_wait_.set(now, lane_wait());
  time_.enter({finished() ? State::Idle : State::Busy}, now);
}

Cycle Sequencer::next_event(Cycle now) const {
  if (progress_) return now + Cycles{1};
  Cycle next = kNever;
  for (const std::uint32_t slot : flows_)
    if (slots_[slot].ready_at != kNever && slots_[slot].ready_at > now)
      next = std::min(next, slots_[slot].ready_at);
  return next;
}

void Sequencer::close(Cycle end) {
  scoreboard_.close(end);
  time_.close(end);
}

TokenVerdict Sequencer::judge(const LaneResult& result) {
  const Job& job = jobs_[result.job];
  const Masks masks =
      decider_.observe(job.slot, job.first + job.step * result.vector, job.chunk, job.live);
  return {result.job, result.vector, masks.keep, masks.next};
}

void Sequencer::take_results(Cycle now) {
  while (in_verdicts_.can_pop(now)) take_verdict(now, in_verdicts_.pop(now));
  while (in_values_.can_pop(now)) take_value(now, in_values_.pop(now));
  while (in_softmax_.can_pop(now)) {
    Flow& slice = flow(in_softmax_.pop(now).id.context);
    slice.softmax_done = true;
    slice.phase(RecordedPhase::Softmax).cover(now, now);
  }
  while (in_done_.can_pop(now)) take_done(now, in_done_.pop(now));
}

void Sequencer::take_done(Cycle now, const Arrival& arrival) {
  const Job& job = jobs_[arrival.job];
  free_jobs_.push_back(arrival.job);
  Flow& slice = flow(job.slot);
  progress_ = true;
  if (job.store) {
    --slice.stores_left;
    return;
  }
  if (--slice.loads_left > 0) return;
  const std::int64_t d = layout_.elements(slice.slice);
  slice.ready_at = now;
  if (config_.prune.estimation)
    slice.ready_at = now + Cycles{slice.slice.heads * margin_cycles(config_.probability, d)};
}

void Sequencer::take_verdict(Cycle now, const TokenVerdict& verdict) {
  const Job& job = jobs_[verdict.job];
  Flow& slice = flow(job.slot);
  slice.phase(RecordedPhase::Score).cover(now, now);
  const bool in_order = config_.prune.issue == IssueOrder::InOrder;
  const auto token = static_cast<std::uint32_t>(job.first + job.step * verdict.vector);
  slice.keep[token] |= verdict.keep;
  if (verdict.next == 0)
    ++slice.resolved;
  else if (const Wanted next{job.slot, token, verdict.next, job.chunk + 1}; in_order)
    slice.next_pass.push_back(next);
  else
    wanted_.push_back(next);
  // In order, who waits for the next pass is remembered with its score.
  if (in_order) --slice.pass_left;
  if (in_order || verdict.next == 0) scoreboard_.release();
  end_vector(verdict.job);
}

void Sequencer::take_value(Cycle now, const LaneResult& result) {
  Flow& slice = flow(jobs_[result.job].slot);
  slice.phase(RecordedPhase::Value).cover(now, now);
  --slice.rows_left;
  end_vector(result.job);
}

void Sequencer::end_vector(std::uint32_t number) {
  Job& job = jobs_[number];
  --vectors_out_;
  progress_ = true;
  if (--job.left > 0) return;
  buffer_free_ += job.bytes;
  free_jobs_.push_back(number);
}

void Sequencer::release() {
  while (!flows_.empty() && flow(flows_.front()).done()) {
    const std::uint32_t slot = flows_.front();
    const Slice& slice = flow(slot).slice;
    decider_.finish(slot, slice);
    score_bytes_free_ += slice.score_bytes();
    records_.push_back(
        {slice.sequence, slice.problem, slice.layer, slice.first_head, flow(slot).phases});
    heads_done_ += slice.heads;
    flows_.erase(flows_.begin());
    free_slots_.push_back(slot);
    progress_ = true;
  }
}

void Sequencer::take_slice() {
  if (next_ == slices_.size() || free_slots_.empty()) return;
  if (score_bytes_free_ < slices_[next_].score_bytes()) return;
  score_bytes_free_ -= slices_[next_].score_bytes();
  const std::uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  flows_.push_back(slot);
  Flow& taken = slots_[slot];
  Flow fresh;
  fresh.slice = slices_[next_++];
  fresh.keep = std::move(taken.keep);  // keeps its storage
  fresh.keep.assign(static_cast<std::size_t>(fresh.slice.tokens), 0);
  fresh.pass_left = fresh.slice.tokens;
  taken = std::move(fresh);
  layout_.add_loads(taken.slice, taken.transfers);
  for (const Transfer& transfer : taken.transfers)
    ++(transfer.write ? taken.stores_left : taken.loads_left);
  decider_.begin(slot, taken.slice);
  ++totals_.slices;
  totals_.queries += taken.slice.heads;
  if (config_.prune.estimation)
    totals_.margin_elements += taken.slice.heads * layout_.elements(taken.slice);
  progress_ = true;
}

/// Goes on where everything of a phase is known.
void Sequencer::advance(Cycle now, std::uint32_t slot) {
  Flow& slice = flow(slot);
  if (slice.pass_left == 0 && !slice.next_pass.empty()) begin_pass(slice);
  if (slice.all_resolved() && !slice.softmax_given) give_softmax(now, slot);
  if (slice.softmax_done && slice.rows_left == 0 && !slice.outputs_given) {
    slice.outputs_given = true;
    const std::size_t before = slice.transfers.size();
    layout_.add_outputs(slice.slice, slice.transfers);
    slice.stores_left += std::ssize(slice.transfers) - static_cast<std::int64_t>(before);
  }
}

void Sequencer::begin_pass(Flow& slice) {
  slice.pass.swap(slice.next_pass);
  slice.next_pass.clear();
  slice.pass_asked = 0;
  slice.pass_left = std::ssize(slice.pass);
  std::ranges::sort(slice.pass, {}, [&](const Wanted& wanted) {
    return place_of(config_.prune.token_order, wanted.token, slice.slice.tokens);
  });
}

/// Of all survivors of all queries; then V of those that some query reads.
void Sequencer::give_softmax(Cycle now, std::uint32_t slot) {
  if (!out_softmax_.can_push(now)) return;
  Flow& slice = flow(slot);
  std::int64_t cycles = 0;
  for (std::int64_t head = 0; head < slice.slice.heads; ++head) {
    const std::int64_t entries = decider_.survivors(slot, head);
    cycles += softmax_row_cycles(config_.softmax, entries).count;
    totals_.softmax_entries += entries;
  }
  out_softmax_.push(now, {{slot, 0}, cycles});
  slice.softmax_given = true;
  slice.phase(RecordedPhase::Softmax).cover(now, now);
  const bool all = !config_.prune.value_pruning;
  for (std::uint32_t token = 0; token < slice.keep.size(); ++token) {
    if (all) slice.keep[token] = slice.slice.everyone();
    if (slice.keep[token] != 0) slice.rows.push_back(token);
  }
  slice.rows_left = std::ssize(slice.rows);
  progress_ = true;
}

LaneWait Sequencer::lane_wait() const {
  if (flows_.empty()) return LaneWait::Count;
  if (entry_wanted_) return LaneWait::Scoreboard;
  if (vectors_out_ > 0) return LaneWait::Memory;
  const Flow& oldest = slots_[flows_.front()];
  if (oldest.softmax_given && !oldest.softmax_done) return LaneWait::Softmax;
  return LaneWait::Memory;
}

std::string Sequencer::describe_wait() const {
  if (finished()) return {};
  if (flows_.empty()) return "no slice is taken";
  const Flow& oldest = slots_[flows_.front()];
  return fmt::format("layer {} problem {} head {}: {} of {} tokens decided on, {} rows of V left",
                     oldest.slice.layer, oldest.slice.problem, oldest.slice.first_head,
                     oldest.resolved, oldest.slice.tokens, oldest.rows_left);
}

}  // namespace hdp::token_picker
