// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "memory/bank_queue_channel.hpp"

namespace hdp {

void BankQueueChannel::queue_refresh(Cycle now) {
  const auto before = static_cast<std::size_t>(refreshes_due_++);
  banks_.want((refresh_rank_ + before) % banks_.ranks(), now);
  next_refresh_at_ = next_refresh_at_ + refresh_interval_;
}

// Ranks take turns. The rank is frozen, and its rows are closed one by one.
bool BankQueueChannel::issue_refresh(Cycle now) {
  if (banks_.open_banks(refresh_rank_) == 0) {
    const Cycle ready_at = banks_.rank_ready_at(DramCommand::Ref, refresh_rank_);
    look_at_ = std::min(look_at_, ready_at);
    if (ready_at > now) return false;
    banks_.issue_to_rank(DramCommand::Ref, refresh_rank_, now);
    --refreshes_due_;
    refresh_rank_ = (refresh_rank_ + 1) % banks_.ranks();
    return true;
  }
  const std::size_t first = refresh_rank_ * banks_.banks_per_rank();
  for (std::size_t bank = first; bank < first + banks_.banks_per_rank(); ++bank) {
    if (banks_.open_row(bank) == DramBanks::kClosed) continue;
    const Cycle ready_at = banks_.ready_at(DramCommand::Pre, bank);
    look_at_ = std::min(look_at_, ready_at);
    if (ready_at > now) continue;
    banks_.issue(DramCommand::Pre, bank, 0, now);
    queues_[bank].try_at = {};
    return true;
  }
  return false;
}

std::optional<BankQueueChannel::Choice> BankQueueChannel::visit_banks(Cycle now) {
  std::size_t bank = last_visited_;
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    bank = bank + 1 == queues_.size() ? 0 : bank + 1;
    const BankQueue& queue = queues_[bank];
    if (queue.requests.empty() || frozen(bank)) continue;
    if (queue.try_at <= now) {
      if (const auto choice = first_ready(bank, now)) {
        last_visited_ = bank;
        return choice;
      }
    }
    look_at_ = std::min(look_at_, queue.try_at);
  }
  return std::nullopt;
}

std::optional<BankQueueChannel::Choice> BankQueueChannel::first_ready(std::size_t bank, Cycle now) {
  BankQueue& queue = queues_[bank];
  const std::int32_t open = banks_.open_row(bank);
  queue.try_at = kNever;
  for (std::size_t i = 0; i < queue.requests.size(); ++i) {
    const WaitingRequest& request = queue.requests[i];
    DramCommand command = request.write ? DramCommand::Wr : DramCommand::Rd;
    if (open == DramBanks::kClosed) {
      command = DramCommand::Act;
    } else if (open != request.row) {
      if (i != 0 || !may_close(queue, open)) continue;
      command = DramCommand::Pre;
    } else if (request.write) {
      const auto end = queue.requests.begin() + static_cast<std::ptrdiff_t>(i);
      const bool read_first = std::any_of(queue.requests.begin(), end, [&](const auto& older) {
        return !older.write && older.row == request.row && older.column == request.column;
      });
      if (read_first) continue;
    }
    const Cycle ready_at = banks_.ready_at(command, bank);
    if (ready_at <= now) {
      queue.try_at = {};
      return Choice{bank, i, command};
    }
    queue.try_at = std::min(queue.try_at, ready_at);
    if (command == DramCommand::Act) break;
  }
  return std::nullopt;
}

/// Whether the head of a queue may close the row that is open.
bool BankQueueChannel::may_close(const BankQueue& queue, std::int32_t open) const {
  if (queue.served >= row_hit_cap_) return true;
  return std::none_of(queue.requests.begin(), queue.requests.end(),
                      [&](const WaitingRequest& r) { return r.row == open; });
}

void BankQueueChannel::issue(const Choice& choice, Cycle now) {
  BankQueue& queue = queues_[choice.bank];
  const WaitingRequest request = queue.requests[choice.entry];
  banks_.issue(choice.command, choice.bank, request.row, now);
  queue.try_at = {};
  if (choice.command == DramCommand::Act) queue.served = 0;
  if (choice.command == DramCommand::Pre) ++stats_.row_conflicts;
  if (!is_column(choice.command)) return;
  if (queue.served++ > 0) ++stats_.row_hits;
  remove(queue.requests, choice.entry);
  --queued_;
  ++columns_;
  finish(request, now);
}

void BankQueueChannel::finish(const WaitingRequest& request, Cycle now) {
  waiting_.leave(request.arrived_at, now);
  stats_.finished_at = std::max(stats_.finished_at, now);
  if (request.write) return;
  end_read(request, now + read_latency_);
  if (riders_.empty()) return;
  const auto rides = [&](const WaitingRequest& r) { return r.address == request.address; };
  for (const WaitingRequest& rider : riders_)
    if (rides(rider)) end_read(rider, now + read_latency_);
  std::erase_if(riders_, rides);
}

}  // namespace hdp
