// SPDX-License-Identifier: Apache-2.0
#include "memory/shared_queue_channel.hpp"

#include <algorithm>

namespace hdp {
namespace {

std::size_t size_of(std::int64_t count) { return static_cast<std::size_t>(count); }

bool holds(const RequestList& list, std::uint64_t address) {
  return std::any_of(list.begin(), list.end(),
                     [&](const WaitingRequest& r) { return r.address == address; });
}

}  // namespace

SharedQueueChannel::SharedQueueChannel(const DramConfig& config)
    : two_slots_(config.organisation.pseudo_channels > 1),
      keeps_hits_(config.scheduler == DramScheduler::FrfcfsRowHit),
      closes_rows_(config.row_policy == DramRowPolicy::Closed),
      refreshes_(config.refresh),
      read_latency_{config.timing.cl + config.timing.burst},
      refresh_interval_{config.timing.refi},
      read_entries_(size_of(config.queues.read_entries)),
      write_entries_(size_of(config.queues.write_entries)),
      write_high_(config.queues.write_high * static_cast<double>(write_entries_)),
      write_low_(config.queues.write_low * static_cast<double>(write_entries_)),
      banks_(config, size_of(config.organisation.pseudo_channels * config.organisation.ranks)),
      waiting_in_bank_(banks_.banks(), 0),
      held_open_(banks_.banks(), 0),
      active_(banks_),
      next_refresh_at_(refreshes_ ? Cycle{} + refresh_interval_ - Cycles{1} : kNever) {
  reads_.reserve(read_entries_);
  writes_.reserve(write_entries_);
}

bool SharedQueueChannel::can_accept(const DramAccess& access) const {
  const bool room = access.write ? writes_.size() < write_entries_ : reads_.size() < read_entries_;
  return room || holds(writes_, access.address);
}

void SharedQueueChannel::send(const DramAccess& access, Cycle now) {
  ++(access.write ? stats_.writes : stats_.reads);
  look_at_ = now;
  if (!writes_.empty() && holds(writes_, access.address)) {
    stats_.finished_at = std::max(stats_.finished_at, now);
    if (!access.write) {
      count_read(Cycles{1});
      stats_.last_read_at = std::max(stats_.last_read_at, now);
    }
    tell(access.tag, now + Cycles{1});
    return;
  }
  waiting_.enter(now);
  RequestList& list = access.write ? writes_ : reads_;
  list.push_back({.address = access.address,
                  .arrived_at = now,
                  .row = access.row,
                  .column = access.column,
                  .bank = access.bank,
                  .tag = access.tag,
                  .write = access.write});
  ++waiting_in_bank_[access.bank];
  look_at(list.back());
}

void SharedQueueChannel::tick(Cycle now) {
  if (now >= next_refresh_at_) queue_refreshes(now);
  if (now < look_at_) return;
  look_at_ = kNever;
  if (two_slots_ ? issue_two(now) : issue_one(now)) look_at_ = now + Cycles{1};
}

Cycle SharedQueueChannel::next_event(Cycle now) const {
  return std::max(std::min(look_at_, next_refresh_at_), now + Cycles{1});
}

bool SharedQueueChannel::drained() const {
  return reads_.empty() && writes_.empty() && active_.empty();
}

DramStats SharedQueueChannel::close(Cycle end) {
  banks_.close(end);
  stats_.commands = banks_.issued();
  stats_.active_standby = banks_.active_standby();
  stats_.load = banks_.load();
  stats_.load[static_cast<std::size_t>(DramLimit::NoRequests)] = waiting_.empty_before(end);
  stats_.waited = waiting_.waited();
  stats_.most_waiting = waiting_.most();
  return stats_;
}

void SharedQueueChannel::queue_refreshes(Cycle now) {
  refreshes_due_ += static_cast<std::int64_t>(banks_.ranks());
  next_refresh_at_ = next_refresh_at_ + refresh_interval_;
  look_at_ = now;
}

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

/// Whether the mode has changed.
bool SharedQueueChannel::update_mode() {
  const auto writes = static_cast<double>(writes_.size());
  const bool before = write_mode_;
  if (write_mode_)
    write_mode_ = writes >= write_low_ || reads_.empty();
  else
    write_mode_ = writes > write_high_ || reads_.empty();
  if (write_mode_ == before) return false;
  legal_at_ = {};
  return true;
}

DramCommand SharedQueueChannel::next_command(const WaitingRequest& request) const {
  const std::int32_t open = banks_.open_row(request.bank);
  if (open == DramBanks::kClosed) return DramCommand::Act;
  if (open != request.row) return DramCommand::Pre;
  return request.write ? DramCommand::Wr : DramCommand::Rd;
}

/// What a waiting request needs next, and when that is legal, is not known yet or has changed.
void SharedQueueChannel::look_at(WaitingRequest& request) {
  request.next = next_command(request);
  if (request.next == DramCommand::Pre && active_.use_bank(request.bank)) {
    request.try_at = kNever;
    held_open_[request.bank] = 1;
    return;
  }
  request.try_at = banks_.ready_at(request.next, request.bank);
  Cycle& legal_at = legal_at_[index_of(request.next)];
  legal_at = std::min(legal_at, request.try_at);
}

Cycle SharedQueueChannel::next_legal_at() const {
  return std::min({legal_at_[index_of(column_command())], legal_at_[index_of(DramCommand::Act)],
                   legal_at_[index_of(DramCommand::Pre)]});
}

SharedQueueChannel::Choice SharedQueueChannel::choose(Slots slots, Cycle now) {
  Choice choice;
  std::array<bool, kDramCommands> wanted{};
  bool& column = wanted[index_of(column_command())];
  bool& act = wanted[index_of(DramCommand::Act)];
  bool& pre = wanted[index_of(DramCommand::Pre)];
  column = slots != Slots::Row && wants(column_command(), now);
  act = wants(DramCommand::Act, now);
  pre = wants(DramCommand::Pre, now);
  if (!column && !act && !pre) return choice;
  std::array<Cycle, kDramCommands> legal_at;
  legal_at.fill(kNever);
  RequestList& list = chosen_list();
  for (std::size_t i = 0; i < list.size(); ++i) {
    WaitingRequest& request = list[i];
    const std::size_t next = index_of(request.next);
    if (!wanted[next]) continue;
    if (request.try_at <= now) request.try_at = banks_.ready_at(request.next, request.bank);
    legal_at[next] = std::min(legal_at[next], request.try_at);
    if (request.try_at > now) continue;
    if (is_column(request.next)) {
      choice.column = i;
      column = false;
    } else {
      if (keeps_hits_ && pre && request.next == DramCommand::Pre && has_older_hit(request))
        continue;
      choice.row = i;
      act = pre = false;
    }
    if (slots == Slots::Either || !(column || act || pre)) return choice;
  }
  for (const DramCommand command : {column_command(), DramCommand::Act, DramCommand::Pre})
    if (wanted[index_of(command)]) legal_at_[index_of(command)] = legal_at[index_of(command)];
  return choice;
}

bool SharedQueueChannel::has_older_hit(const WaitingRequest& request) const {
  const std::int32_t open = banks_.open_row(request.bank);
  return std::any_of(chosen_list().begin(), chosen_list().end(), [&](const WaitingRequest& other) {
    return other.bank == request.bank && other.row == open &&
           other.arrived_at <= request.arrived_at;
  });
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

/// What requests of this bank need next has changed. The newest are the likeliest.
void SharedQueueChannel::look_again(std::size_t bank) {
  std::uint32_t left = waiting_in_bank_[bank];
  for (RequestList* list : {&reads_, &writes_})
    for (std::size_t i = list->size(); left > 0 && i-- > 0;) {
      if ((*list)[i].bank != bank) continue;
      look_at((*list)[i]);
      --left;
    }
}

void SharedQueueChannel::look_again_at_rank(std::size_t rank) {
  for (RequestList* list : {&reads_, &writes_})
    for (WaitingRequest& request : *list)
      if (banks_.rank_of(request.bank) == rank) look_at(request);
}

}  // namespace hdp
