// SPDX-License-Identifier: Apache-2.0
#include "memory/shared_queue_channel.hpp"

#include <algorithm>
#include <cmath>

#include "memory/size_of.hpp"

namespace hdp {
namespace {

double share_of_writes(const DramConfig& config, double share) {
  return share * static_cast<double>(config.queues.write_entries);
}

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
      write_high_(
          static_cast<std::size_t>(std::floor(share_of_writes(config, config.queues.write_high)))),
      write_low_(
          static_cast<std::size_t>(std::ceil(share_of_writes(config, config.queues.write_low)))),
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
    ++(access.write ? stats_.merged_writes : stats_.forwarded_reads);
    if (!access.write) {
      count_read(Cycles{1});
      stats_.last_read_at = std::max(stats_.last_read_at, now);
    }
    tell(access.tag, now + Cycles{1});
    return;
  }
  waiting_.enter(now);
  banks_.want(banks_.rank_of(access.bank), now);
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

std::int64_t SharedQueueChannel::buffered_writes() const {
  return stats_.writes - stats_.merged_writes - banks_.issued()[index_of(DramCommand::Wr)];
}

bool SharedQueueChannel::drained() const {
  return reads_.empty() && writes_.empty() && active_.empty();
}

DramStats SharedQueueChannel::close(Cycle end) {
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
  return stats_;
}

void SharedQueueChannel::queue_refreshes(Cycle now) {
  refreshes_due_ += static_cast<std::int64_t>(banks_.ranks());
  for (std::size_t rank = 0; rank < banks_.ranks(); ++rank) banks_.want(rank, now);
  next_refresh_at_ = next_refresh_at_ + refresh_interval_;
  look_at_ = now;
}

}  // namespace hdp
