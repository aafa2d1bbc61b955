// SPDX-License-Identifier: Apache-2.0
#include "memory/bank_queue_channel.hpp"

#include <algorithm>

#include "memory/size_of.hpp"

namespace hdp {

BankQueueChannel::BankQueueChannel(const DramConfig& config)
    : two_commands_(config.standard.starts_with("HBM")),
      read_latency_{config.timing.cl + config.timing.burst},
      refresh_interval_{config.timing.refi / config.organisation.ranks},
      read_entries_(size_of(config.queues.read_entries)),
      write_entries_(size_of(config.queues.write_entries)),
      bank_entries_(size_of(config.queues.bank_entries)),
      idle_drain_writes_(size_of(config.queues.idle_drain_writes)),
      row_hit_cap_(config.queues.row_hit_cap),
      banks_(config, size_of(config.organisation.ranks)),
      queues_(banks_.banks()),
      last_visited_(banks_.banks() - 1),
      next_refresh_at_(config.refresh ? Cycle{} + refresh_interval_ : kNever) {
  reads_.reserve(read_entries_);
  writes_.reserve(write_entries_);
  riders_.reserve(16 * read_entries_);  // nothing bounds them
  for (BankQueue& queue : queues_) queue.requests.reserve(bank_entries_);
}

bool BankQueueChannel::can_accept(const DramAccess& access) const {
  return access.write ? writes_.size() < write_entries_ : reads_.size() < read_entries_;
}

/// Whether a request for the same address waits in `list` or before the bank.
bool BankQueueChannel::waits(const RequestList& list, const WaitingRequest& like,
                             bool write) const {
  const auto same = [&](const WaitingRequest& r) {
    return r.address == like.address && r.write == write;
  };
  const RequestList& queue = queues_[like.bank].requests;
  return std::any_of(list.begin(), list.end(), same) ||
         std::any_of(queue.begin(), queue.end(), same);
}

void BankQueueChannel::send(const DramAccess& access, Cycle now) {
  const WaitingRequest request{.address = access.address,
                               .arrived_at = now,
                               .row = access.row,
                               .column = access.column,
                               .bank = access.bank,
                               .tag = access.tag,
                               .write = access.write};
  ++(access.write ? stats_.writes : stats_.reads);
  look_at_ = now;
  const bool written = waits(writes_, request, true);
  if (access.write) {
    if (!written) {
      writes_.push_back(request);
      waiting_.enter(now);
    } else {
      ++stats_.merged_writes;
    }
    stats_.finished_at = std::max(stats_.finished_at, now);
    tell(access.tag, now + Cycles{1});
  } else if (written) {
    ++stats_.forwarded_reads;
    end_read(request, now + Cycles{1});
  } else if (waits(reads_, request, false)) {
    ++stats_.merged_reads;
    riders_.push_back(request);
  } else {
    reads_.push_back(request);
    waiting_.enter(now);
  }
}

void BankQueueChannel::tick(Cycle now) {
  if (now >= next_refresh_at_) queue_refresh(now);
  look_at_ = kNever;
  bool issued = refreshes_due_ > 0 && issue_refresh(now);
  bool column = false;
  if (!issued) {
    if (const auto choice = visit_banks(now)) {
      issue(*choice, now);
      issued = true;
      column = is_column(choice->command);
    }
  }
  if (issued && two_commands_) {
    const auto second = visit_banks(now);
    if (second && is_column(second->command) != column) issue(*second, now);
  }
  if (move_one(now) || issued) look_at_ = now + Cycles{1};
}

Cycle BankQueueChannel::next_event(Cycle now) const {
  return std::max(std::min(look_at_, next_refresh_at_), now + Cycles{1});
}

void BankQueueChannel::drain_writes(Cycle now) {
  keeps_writes_ = false;
  look_at_ = now;
}

std::int64_t BankQueueChannel::buffered_writes() const {
  return stats_.writes - stats_.merged_writes - banks_.issued()[index_of(DramCommand::Wr)];
}

bool BankQueueChannel::drained() const {
  return reads_.empty() && queued_ == 0 && drain_ == 0 && writes_.size() <= idle_drain_writes_;
}

DramStats BankQueueChannel::close(Cycle end) {
  banks_.close(end);
  stats_.commands = banks_.issued();
  stats_.buffered_writes = buffered_writes();
  stats_.active_standby = banks_.active_standby();
  stats_.active_power_down = banks_.active_power_down();
  stats_.precharged_power_down = banks_.precharged_power_down();
  stats_.load = banks_.load(end);
  stats_.load[static_cast<std::size_t>(DramLimit::NoRequests)] = waiting_.empty_before(end);
  stats_.waited = waiting_.waited();
  stats_.most_waiting = waiting_.most();
  // A first access to a row that nobody had to make way for is a miss.
  stats_.row_misses = columns_ - stats_.row_hits - stats_.row_conflicts;
  return stats_;
}

void BankQueueChannel::end_read(const WaitingRequest& request, Cycle at) {
  count_read(at - request.arrived_at);
  stats_.last_read_at = std::max(stats_.last_read_at, at);
  stats_.finished_at = std::max(stats_.finished_at, at);
  tell(request.tag, at);
}

void BankQueueChannel::start_drain() {
  if (drain_ > 0) return;
  const bool kept =
      keeps_writes_ ? queued_ > 0 || writes_.size() <= idle_drain_writes_ : !reads_.empty();
  if (writes_.size() == write_entries_ || !kept) drain_ = writes_.size();
}

/// Moves at most one request a cycle to the queue of its bank. Whether something has changed: also
/// a drain that has ended, which lets reads move in the next cycle.
bool BankQueueChannel::move_one(Cycle now) {
  start_drain();
  if (drain_ == 0) return move_first(reads_, now);
  if (!move_first(writes_, now)) return drain_ == 0;
  --drain_;
  return true;
}

bool BankQueueChannel::move_first(RequestList& from, Cycle now) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    const WaitingRequest& request = from[i];
    BankQueue& queue = queues_[request.bank];
    if (queue.requests.size() == bank_entries_) continue;
    if (request.write && waits(reads_, request, false)) {
      drain_ = 0;
      return false;
    }
    queue.requests.push_back(request);
    banks_.want(banks_.rank_of(request.bank), now);
    queue.try_at = {};
    ++queued_;
    remove(from, i);
    return true;
  }
  return false;
}

}  // namespace hdp
