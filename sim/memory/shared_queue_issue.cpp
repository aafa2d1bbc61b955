// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "memory/shared_queue_channel.hpp"

namespace hdp {

bool SharedQueueChannel::issue_one(Cycle now) {
  if (issue_active(now)) return true;
  if (refreshes_due_ > 0) return issue_refresh(now);
  update_mode();
  const Choice choice = choose(Slots::Either, now);
  if (choice.column) issue_column(*choice.column, now);
  if (choice.row) issue_row(choice, now);
  look_at_ = std::min(look_at_, next_legal_at());
  return choice.column || choice.row;
}

// The column bus and the row bus take a command each, in this order.
bool SharedQueueChannel::issue_two(Cycle now) {
  bool column = issue_active(now);
  if (refreshes_due_ > 0) return issue_refresh(now) || column;
  update_mode();
  Choice choice = choose(column ? Slots::Row : Slots::Both, now);
  if (choice.column) {
    issue_column(*choice.column, now);
    column = true;
    if (update_mode() || choice.row) choice = choose(Slots::Row, now);
  }
  if (choice.row) issue_row(choice, now);
  look_at_ = std::min(look_at_, next_legal_at());
  return column || choice.row;
}

bool SharedQueueChannel::issue_active(Cycle now) {
  const auto request = active_.take_ready(now);
  if (!request) {
    look_at_ = std::min(look_at_, active_.ready_at());
    return false;
  }
  finish(*request, request->write, now);
  if (held_open_[request->bank] != 0 || closes_rows_) look_again(request->bank);
  held_open_[request->bank] = 0;
  return true;
}

// Refreshes go out in the order in which they fell due, rank by rank.
bool SharedQueueChannel::issue_refresh(Cycle now) {
  const bool closed = banks_.open_banks(refresh_rank_) == 0;
  if (!closed && active_.use_rank(refresh_rank_)) return false;
  const DramCommand command = closed ? DramCommand::Ref : DramCommand::PreAll;
  const Cycle ready_at = banks_.rank_ready_at(command, refresh_rank_);
  if (ready_at > now) {
    look_at_ = std::min(look_at_, ready_at);
    return false;
  }
  banks_.issue_to_rank(command, refresh_rank_, now);
  if (closed) {
    --refreshes_due_;
    refresh_rank_ = (refresh_rank_ + 1) % banks_.ranks();
    return true;
  }
  look_again_at_rank(refresh_rank_);
  return true;
}

void SharedQueueChannel::issue_row(const Choice& choice, Cycle now) {
  WaitingRequest& request = chosen_list()[*choice.row];
  const std::size_t bank = request.bank;
  banks_.issue(request.next, bank, request.row, now);
  if (request.next == DramCommand::Act) {
    count_first(request, stats_.row_misses);
    active_.add(request);
    leave_list(*choice.row);
  } else {
    count_first(request, stats_.row_conflicts);
  }
  look_again(bank);
}

void SharedQueueChannel::issue_column(std::size_t entry, Cycle now) {
  count_first(chosen_list()[entry], stats_.row_hits);
  const WaitingRequest request = chosen_list()[entry];
  leave_list(entry);
  finish(request, write_mode_, now);
  if (closes_rows_) look_again(request.bank);
}

void SharedQueueChannel::leave_list(std::size_t entry) {
  --waiting_in_bank_[chosen_list()[entry].bank];
  remove(chosen_list(), entry);
}

void SharedQueueChannel::finish(const WaitingRequest& request, bool write, Cycle now) {
  waiting_.leave(request.arrived_at, now);
  if (write) {
    banks_.issue(DramCommand::Wr, request.bank, request.row, now);
    stats_.finished_at = std::max(stats_.finished_at, now);
    tell(request.tag, now + Cycles{1});
    return;
  }
  banks_.issue(DramCommand::Rd, request.bank, request.row, now);
  const Cycle returned_at = now + read_latency_;
  count_read(returned_at + Cycles{1} - request.arrived_at);
  stats_.last_read_at = std::max(stats_.last_read_at, returned_at);
  stats_.finished_at = std::max(stats_.finished_at, returned_at);
  tell(request.tag, returned_at + Cycles{1});
}

void SharedQueueChannel::count_first(WaitingRequest& request, std::int64_t& kind) {
  if (!request.counted) ++kind;
  request.counted = true;
}

}  // namespace hdp
