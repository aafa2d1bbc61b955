// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "memory/shared_queue_channel.hpp"

namespace hdp {

/// Whether the mode has changed.
bool SharedQueueChannel::update_mode() {
  const std::size_t writes = writes_.size();
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
