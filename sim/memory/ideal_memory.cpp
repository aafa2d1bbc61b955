// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/base/check.hpp>
#include <hdp/kernel/timeline.hpp>
#include <hdp/memory/ideal_memory.hpp>

namespace hdp {

IdealMemory::IdealMemory(std::string name, const MemoryConfig& config, std::int64_t clock_mhz,
                         std::vector<TransferPort*> ports)
    : Memory(std::move(name)),
      latency_{config.latency_cycles},
      ticks_per_cycle_(config.ideal_bandwidth()),
      ticks_per_byte_(clock_mhz),
      ports_(std::move(ports)) {
  HDP_CHECK(!ports_.empty(), "a memory has a port");
  std::size_t most = 0;
  for (TransferPort* port : ports_) {
    listen(port->requests);
    drive(port->responses);
    most += port->responses.capacity() + 1;
  }
  in_flight_.resize(std::max<std::size_t>(most, static_cast<std::size_t>(latency_.count) + 64));
}

void IdealMemory::tick(Cycle now) {
  using State = TimeSplit<MemoryWait>::State;
  respond(now);
  accept(now);
  if (idle_from() > now)
    time_.enter({State::Busy}, now);
  else if (responses_stuck(now))
    time_.enter({State::Blocked, MemoryWait::Output}, now);
  else
    time_.enter({State::Idle}, now);
}

bool IdealMemory::responses_stuck(Cycle now) const {
  return in_flight_count_ != 0 && in_flight_[oldest_].done_at <= now;
}

void IdealMemory::respond(Cycle now) {
  while (responses_stuck(now)) {
    InFlight& done = in_flight_[oldest_];
    if (!ports_[done.port]->responses.can_push(now)) return;
    ports_[done.port]->responses.push(now, {done.tag}, done.path);
    oldest_ = (oldest_ + 1) % in_flight_.size();
    --in_flight_count_;
  }
}

std::size_t IdealMemory::next_port(Cycle now) const {
  for (std::size_t k = 0; k < ports_.size(); ++k) {
    const std::size_t port = (turn_ + k) % ports_.size();
    if (ports_[port]->requests.can_pop(now)) return port;
  }
  return ports_.size();
}

void IdealMemory::accept(Cycle now) {
  while (free_at_ <= now && !responses_stuck(now)) {
    const std::size_t port = next_port(now);
    if (port == ports_.size()) return;
    transfer(ports_[port]->requests.pop(now), port, now);
    turn_ = (port + 1) % ports_.size();
  }
}

void IdealMemory::transfer(const TransferRequest& request, std::size_t port, Cycle now) {
  HDP_CHECK(request.bytes > 0, "a request has at least one byte");
  if (in_flight_count_ == in_flight_.size()) make_room();
  if (free_at_ < now) {
    free_at_ = now;
    free_tick_ = 0;
  }
  const Cycle start = free_at_;
  free_tick_ += std::int64_t{request.bytes} * ticks_per_byte_;
  free_at_ = free_at_ + Cycles{free_tick_ / ticks_per_cycle_};
  free_tick_ %= ticks_per_cycle_;
  const Cycle last_byte = idle_from();
  own_path().work_until(account_index(), last_byte);
  InFlight& entry = in_flight_[(oldest_ + in_flight_count_++) % in_flight_.size()];
  entry = {last_byte + latency_, port, request.tag, own_path()};
  entry.path.latency_until(account_index(), entry.done_at);
  ++(request.write ? stats_.writes : stats_.reads);
  (request.write ? stats_.written_bytes : stats_.read_bytes) += request.bytes;
  stats_.moved_bytes += request.bytes;
  if (timeline() != nullptr) [[unlikely]]
    timeline()->span(this->name(), request.write ? "write" : "read", start, last_byte);
}

void IdealMemory::make_room() {
  std::rotate(in_flight_.begin(), in_flight_.begin() + static_cast<std::ptrdiff_t>(oldest_),
              in_flight_.end());
  oldest_ = 0;
  in_flight_.resize(2 * in_flight_.size());
}

Cycle IdealMemory::next_event(Cycle now) const {
  Cycle next = kNever;
  const bool waiting =
      !responses_stuck(now) && std::ranges::any_of(ports_, [now](const TransferPort* port) {
        return port->requests.next_pop() <= now + Cycles{1};
      });
  if (waiting) next = std::max(free_at_, now + Cycles{1});
  if (idle_from() > now) next = std::min(next, idle_from());  // for the account of time
  if (in_flight_count_ != 0 && in_flight_[oldest_].done_at > now)
    next = std::min(next, in_flight_[oldest_].done_at);
  return next;
}

std::string IdealMemory::describe_wait() const {
  return in_flight_count_ != 0 ? "responses not taken" : "";
}

}  // namespace hdp
