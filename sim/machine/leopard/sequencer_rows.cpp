// SPDX-License-Identifier: Apache-2.0
// What comes up next, and what the sequencer asks the memory for.
#include <algorithm>
#include <numeric>

#include "machine/leopard/sequencer.hpp"

namespace hdp::leopard {

/// The next piece of the group under way, or the first of the next group: one behind the piece
/// that is played.
void Sequencer::open_piece() {
  constexpr std::size_t kPieces = 2;
  if (pieces_.size() == kPieces) return;
  if (open_.empty() || open_.back().pieces_opened == open_.back().group.pieces()) {
    if (next_group_ == groups_.size()) return;
    OpenGroup& open = open_.emplace_back();
    open.group = groups_[next_group_++];
    open.pieces_left = open.group.pieces();
    ++totals_.groups;
    totals_.cut_groups += static_cast<std::int64_t>(open.group.pieces() > 1);
    if (open.group.appends) {
      const KeyRange newest{open.group.problem.keys - 1, 1};
      for (Transfer row : {layout_.keys(open.group, newest), layout_.values(open.group, newest)}) {
        row.write = true;
        want(row, {Job::For::Append, first_open_ + std::ssize(open_) - 1});
      }
    }
  }
  OpenGroup& open = open_.back();
  Piece& piece = pieces_.emplace_back();
  piece.group = first_open_ + std::ssize(open_) - 1;
  piece.number = open.pieces_opened++;
  piece.keys = piece_of(open.group, piece.number);
  piece.loads[0] = layout_.keys(open.group, piece.keys);
  piece.loads[1] = layout_.values(open.group, piece.keys);
  for (std::int64_t row = 0; row < open.group.rows(); ++row)
    piece.rows_left += static_cast<std::int64_t>(open.group.visible(row) > piece.keys.first);
  ++totals_.pieces;
  totals_.key_bytes += piece.loads[0].bytes;
  totals_.value_bytes += piece.loads[1].bytes;
  progress_ = true;
}

/// Rows come up in order, as far as they find room: their loads are asked for.
void Sequencer::open_rows() {
  row_waits_ = false;
  for (std::int64_t p = 0; p < std::ssize(pieces_); ++p) {
    while (open_row(first_piece_ + p)) progress_ = true;
    const Piece& piece = piece_at(first_piece_ + p);
    row_waits_ = piece.next_row < open_group(piece.group).group.rows();
    if (row_waits_) return;
  }
}

bool Sequencer::open_row(std::int64_t of_piece) {
  Piece& piece = piece_at(of_piece);
  OpenGroup& open = open_group(piece.group);
  const Group& group = open.group;
  while (piece.next_row < group.rows() && group.visible(piece.next_row) <= piece.keys.first)
    ++piece.next_row;
  const std::int64_t row = piece.next_row;
  if (row == group.rows()) return false;
  const RowBytes& bytes = layout_.bytes(group);
  const bool is_there = group.rows_stay && piece.number > 0;
  if (!is_there && rows_free_ < bytes.under_way()) return false;
  if (open.steps.empty()) {
    open.steps = decider_.decide(group);
    open.pieces_ended.resize(static_cast<std::size_t>(group.rows()));
  }
  const bool resumes = piece.number > 0 && !group.rows_stay;
  if (resumes && open.pieces_ended[static_cast<std::size_t>(row)] < piece.number) return false;
  ++piece.next_row;
  const std::int64_t number = first_visit_ + std::ssize(visits_);
  visits_.push_back({of_piece, row, 0});
  ++totals_.rows;
  totals_.row_read_bytes += bytes.q + bytes.sums;  // the sums go on to the value unit, or out
  if (is_there) return true;
  rows_free_ -= bytes.under_way();
  ++totals_.row_loads;
  totals_.row_written_bytes += bytes.q + (resumes ? bytes.sums : 0);
  want(layout_.query(group, row), {Job::For::Visit, number});
  if (resumes) want(layout_.sums(group, row, false), {Job::For::Visit, number});
  return true;
}

std::int64_t Sequencer::front_cycles(std::span<const std::uint8_t> keys, std::int64_t units) {
  sums_.assign(static_cast<std::size_t>(units), 0);
  std::size_t unit = 0;
  for (const std::uint8_t key : keys) {
    sums_[unit] += KeySteps::of(key);
    if (++unit == sums_.size()) unit = 0;
  }
  return *std::ranges::max_element(sums_);
}

/// Gives the front end the rows whose keys, values and query are there.
void Sequencer::issue(Cycle now) {
  while (issued_ < std::ssize(visits_) && out_rows_.can_push(now)) {
    const Visit& visit = visits_[static_cast<std::size_t>(issued_)];
    const Piece& piece = piece_at(visit.piece);
    if (visit.arriving > 0 || !piece.is_there()) return;
    const OpenGroup& open = open_group(piece.group);
    const auto& keys = open.steps[static_cast<std::size_t>(visit.row)];
    const std::int64_t count = piece.keys.seen(open.group.visible(visit.row));
    const std::int64_t d = layout_.elements(open.group);
    const std::int64_t step_cycles = ceil_div(d, config_.dot_product.taps);
    const std::uint8_t* const first = keys.data() + piece.keys.first;
    out_rows_.push(now,
                   {.keys = first,
                    .count = static_cast<std::uint32_t>(count),
                    .row = static_cast<std::uint32_t>(first_visit_ + issued_),
                    .step_cycles = static_cast<std::uint16_t>(step_cycles),
                    .value_cycles = static_cast<std::uint16_t>(ceil_div(d, config_.value.macs))});
    const std::span of_row(first, static_cast<std::size_t>(count));
    const std::int64_t units = config_.dot_product.units;
    const std::int64_t survivors = std::ranges::count_if(of_row, &KeySteps::survives);
    const std::int64_t of_lane = ceil_div(d, config_.value.macs), lanes = config_.value.lanes;
    const std::int64_t back = ceil_div(survivors, lanes) * of_lane;
    const std::int64_t twice = front_cycles(of_row, 2 * units) * step_cycles;
    const std::int64_t front = front_cycles(of_row, units) * step_cycles;
    totals_.row_cycles += std::max(front, back);
    totals_.row_cycles_twice_units += std::max(twice, back);
    totals_.row_cycles_twice_lanes += std::max(front, ceil_div(survivors, 2 * lanes) * of_lane);
    const std::int64_t steps = std::accumulate(sums_.begin(), sums_.end(), std::int64_t{0});
    totals_.pairs += count;
    totals_.elements += count * d;
    totals_.step_elements += steps * d;
    totals_.key_words += steps * step_cycles;
    ++issued_;
    progress_ = true;
  }
}

/// Rows and outputs go before keys and values, which take what room their buffers have.
void Sequencer::ask(Cycle now) {
  for (std::int64_t i = 0; i < config_.fetch.requests_per_cycle; ++i) {
    if (!urgent_.empty() && out_urgent_.can_push(now)) {
      out_urgent_.push(now, urgent_.front());
      urgent_.pop_front();
    } else {
      const auto waits = std::ranges::find_if(pieces_, [](const Piece& piece) {
        return piece.loads[0].bytes > 0 || piece.loads[1].bytes > 0;
      });
      if (waits == pieces_.end() ||
          !ask_piece(now, *waits, first_piece_ + (waits - pieces_.begin())))
        return;
    }
    progress_ = true;
  }
}

bool Sequencer::ask_piece(Cycle now, Piece& piece, std::int64_t number) {
  const std::size_t which = piece.loads[0].bytes > 0 ? 0 : 1;
  Transfer& load = piece.loads[which];
  const std::int64_t bytes = std::min(load.bytes, config_.fetch.request_bytes);
  if (buffer_free_[which] < bytes || !out_stream_.can_push(now)) return false;
  out_stream_.push(now, request(load, bytes, new_job({Job::For::Piece, number, 0, 1})));
  buffer_free_[which] -= bytes;
  load.address += static_cast<std::uint64_t>(bytes);
  load.bytes -= bytes;
  ++piece.arriving;
  return true;
}

void Sequencer::want(const Transfer& transfer, const Job& job) {
  const std::uint32_t number = new_job(job);
  jobs_[number].left = ceil_div(transfer.bytes, config_.fetch.request_bytes);
  if (job.what == Job::For::Visit)
    visit_at(job.number).arriving += jobs_[number].left;
  else
    open_group(job.number).stores_left += jobs_[number].left;
  Transfer rest = transfer;
  while (rest.bytes > 0) {
    const std::int64_t bytes = std::min(rest.bytes, config_.fetch.request_bytes);
    urgent_.push_back(request(rest, bytes, number));
    rest.address += static_cast<std::uint64_t>(bytes);
    rest.bytes -= bytes;
  }
}

FetchRequest Sequencer::request(const Transfer& transfer, std::int64_t bytes,
                                std::uint32_t job) const {
  return {.address = transfer.address,
          .bytes = static_cast<std::uint32_t>(bytes),
          .arrival = {.job = job},
          .tensor = transfer.tensor,
          .write = transfer.write};
}

std::uint32_t Sequencer::new_job(const Job& job) {
  auto number = static_cast<std::uint32_t>(jobs_.size());
  if (free_jobs_.empty()) {
    jobs_.emplace_back();
  } else {
    number = free_jobs_.back();
    free_jobs_.pop_back();
  }
  jobs_[number] = job;
  return number;
}

DotProductWait Sequencer::front_wait() const {
  if (issued_ < std::ssize(visits_)) return DotProductWait::Memory;
  const bool all_are_open =
      next_group_ == groups_.size() && !row_waits_ &&
      (open_.empty() || open_.back().pieces_opened == open_.back().group.pieces());
  return all_are_open ? DotProductWait::Count : DotProductWait::RowBuffer;
}

ValueWait Sequencer::back_wait() const {
  if (finished()) return ValueWait::Count;
  return issued_ > 0 ? ValueWait::Scores : ValueWait::Memory;
}

}  // namespace hdp::leopard
