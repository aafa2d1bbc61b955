// SPDX-License-Identifier: Apache-2.0
#include "machine/leopard/sequencer.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace hdp::leopard {

Sequencer::Sequencer(std::string name, const Ports& ports, const LeopardConfig& config,
                     std::span<const Trace> sequences, bool fidelity, unsigned threads)
    : Unit(std::move(name)),
      out_urgent_(drive(ports.out_urgent)),
      out_stream_(drive(ports.out_stream)),
      in_done_(listen(ports.in_done)),
      out_rows_(drive(ports.out_rows)),
      in_rows_(listen(ports.in_rows)),
      out_front_wait_(drive(ports.out_front_wait)),
      out_back_wait_(drive(ports.out_back_wait)),
      config_(config),
      layout_(config, sequences),
      decider_(config, sequences, fidelity, threads),
      groups_(groups_of(config, sequences)),
      buffer_free_{config.key_buffer_bytes, config.value_buffer_bytes},
      rows_free_(config.row_buffer_bytes) {
  records_.reserve(groups_.size());
}

void Sequencer::tick(Cycle now) {
  using State = TimeSplit<ControlWait>::State;
  progress_ = false;
  take_results(now);
  release();
  open_piece();
  open_rows();
  issue(now);
  ask(now);
  out_front_wait_.set(now, front_wait());
  out_back_wait_.set(now, back_wait());
  time_.enter({finished() ? State::Idle : State::Busy}, now);
}

Cycle Sequencer::next_event(Cycle now) const { return progress_ ? now + Cycles{1} : kNever; }

void Sequencer::take_results(Cycle now) {
  while (in_rows_.can_pop(now)) take_row(in_rows_.pop(now));
  while (in_done_.can_pop(now)) {
    const std::uint32_t number = in_done_.front(now).job;
    Job& job = jobs_[number];
    in_done_.pop(now, hangs_on(job) ? &own_path() : nullptr);
    take_done(job);
    if (--job.left == 0) free_jobs_.push_back(number);
    progress_ = true;
  }
}

/// Whether something goes on once this has come.
bool Sequencer::hangs_on(const Job& job) const {
  using enum Job::For;
  if (job.what == Piece) return job.number == first_piece_ && pieces_.front().arriving == 1;
  if (job.what == Visit) return job.number == first_visit_ + issued_;
  return row_waits_ || pieces_.empty();
}

void Sequencer::take_done(const Job& job) {
  using enum Job::For;
  if (job.what == Piece) {
    --piece_at(job.number).arriving;
    return;
  }
  if (job.what == Visit) {
    --visit_at(job.number).arriving;
    return;
  }
  OpenGroup& open = open_group(job.number);
  --open.stores_left;
  if (job.what == Append || job.left > 1) return;
  rows_free_ += layout_.bytes(open.group).under_way();
  if (job.what == Sums) ++open.pieces_ended[static_cast<std::size_t>(job.row)];
}

/// The oldest row that the units have is done: its output goes out, or its sums do.
void Sequencer::take_row(const RowDone& done) {
  const Visit visit = visits_.front();
  visits_.pop_front();
  ++first_visit_;
  --issued_;
  Piece& piece = piece_at(visit.piece);
  OpenGroup& open = open_group(piece.group);
  const auto cover = [&](RecordedPhase phase, Cycle from, Cycle to) {
    open.phases[static_cast<std::size_t>(phase)].cover(from, to);
  };
  cover(RecordedPhase::Score, done.scored.started_at, done.scored.ended_at);
  if (done.scored.survivors > 0) cover(RecordedPhase::Value, done.started_at, done.ended_at);
  const bool last = open.group.visible(visit.row) <= piece.keys.first + piece.keys.keys;
  if (last) {
    want(layout_.output(open.group, visit.row), {Job::For::Output, piece.group, visit.row});
    ++totals_.outputs;
    totals_.output_elements += layout_.elements(open.group);
  } else if (!open.group.rows_stay) {
    want(layout_.sums(open.group, visit.row, true), {Job::For::Sums, piece.group, visit.row});
    ++totals_.partial_stores;
  }
  --piece.rows_left;
  const std::int64_t d = layout_.elements(open.group), survivors = done.scored.survivors;
  totals_.survivors += survivors;
  totals_.row_written_bytes += layout_.bytes(open.group).sums;
  totals_.value_elements += survivors * d;
  totals_.value_words += survivors * ceil_div(d, config_.value.macs);
  progress_ = true;
}

void Sequencer::release() {
  while (!pieces_.empty() && pieces_.front().rows_left == 0) {
    const Piece& piece = pieces_.front();
    OpenGroup& open = open_group(piece.group);
    const RowBytes& bytes = layout_.bytes(open.group);
    buffer_free_[0] += piece.keys.keys * bytes.k;
    buffer_free_[1] += piece.keys.keys * bytes.v;
    --open.pieces_left;
    pieces_.pop_front();
    ++first_piece_;
    progress_ = true;
  }
  while (!open_.empty() && open_.front().pieces_left == 0 && open_.front().stores_left == 0) {
    const OpenGroup& open = open_.front();
    records_.push_back({open.group.sequence, open.group.number, open.group.layer,
                        open.group.first_head, open.phases});
    heads_done_ += open.group.heads;
    open_.pop_front();
    ++first_open_;
    progress_ = true;
  }
}

std::string Sequencer::describe_wait() const {
  if (finished()) return {};
  if (pieces_.empty()) return "no keys are loaded";
  const Group& group = open_.front().group;
  return fmt::format("layer {} problem {} head {}: {} rows of piece {} left, {} with the units",
                     group.layer, group.number, group.first_head, pieces_.front().rows_left,
                     pieces_.front().number, issued_);
}

}  // namespace hdp::leopard
