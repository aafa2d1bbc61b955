// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "memory/clock_crossing.hpp"
#include <hdp/base/check.hpp>
#include <hdp/base/error.hpp>
#include <hdp/kernel/timeline.hpp>
#include <hdp/memory/memory_adapter.hpp>

namespace hdp {
namespace {

// Longer than any refresh and any queue: a memory that has answered nothing for so long never will.
constexpr Cycles kPatience{10'000'000};

}  // namespace

MemoryAdapter::MemoryAdapter(std::string name, std::unique_ptr<MemorySimulator> memory,
                             std::int64_t clock_mhz, std::vector<TransferPort*> ports)
    : Memory(std::move(name)),
      memory_(std::move(memory)),
      clocks_(std::make_unique<const ClockCrossing>(clock_mhz, memory_->tck_ps())),
      access_bytes_(static_cast<std::uint64_t>(memory_->access_bytes())) {
  HDP_CHECK(!ports.empty(), "a memory has a port");
  HDP_CHECK(std::has_single_bit(access_bytes_), "an access is a power of two of bytes");
  memory_->set_listener(this);
  std::size_t most = 0;
  for (TransferPort* port : ports) {
    listen(port->requests);
    drive(port->responses);
    lanes_.push_back({port});
    most += port->responses.capacity() + port->requests.capacity();
  }
  transfers_.reserve(most);
  free_.reserve(most);
  ended_.reserve(2 * most);
}

MemoryAdapter::~MemoryAdapter() = default;

void MemoryAdapter::tick(Cycle now) {
  using State = TimeSplit<MemoryWait>::State;
  respond(now);
  run_until(clocks_->first_in(now));
  const Cycle end = clocks_->first_in(now + Cycles{1});
  const bool stuck = response_due(now);
  while (!stuck && memory_now_ < end && wants_to_send(now)) {
    const bool sent = offer(now, memory_now_);
    if (sent || memory_event_ <= memory_now_) {
      memory_->tick(memory_now_);
      memory_event_ = memory_->next_event(memory_now_);
    }
    memory_now_ = memory_now_ + Cycles{1};
  }
  run_until(end);
  if (free_.size() != transfers_.size() && memory_now_ - progress_at_ > kPatience) give_up();
  respond(now);
  if (response_due(now))
    time_.enter({State::Blocked, MemoryWait::Output}, now);
  else
    time_.enter({free_.size() == transfers_.size() ? State::Idle : State::Busy}, now);
}

/// Ticks the memory in the cycles before `memory_end`, without sending.
void MemoryAdapter::run_until(Cycle memory_end) {
  for (; memory_event_ < memory_end; memory_event_ = memory_->next_event(memory_event_))
    memory_->tick(memory_event_);
  memory_now_ = std::max(memory_now_, memory_end);
}

/// Ports take turns, request by request; one whose access is refused does not hold up the others.
bool MemoryAdapter::offer(Cycle now, Cycle memory_now) {
  bool sent = false;
  std::size_t passed = 0;  // ports, since the last request went out whole
  for (std::size_t port = turn_; passed < lanes_.size(); port = after(port)) {
    Lane& lane = lanes_[port];
    ++passed;
    if (!lane.transfer && lane.port->requests.can_pop(now)) take(port, now);
    if (!lane.transfer) continue;
    sent = offer_request(lane, memory_now) || sent;
    if (lane.transfer) continue;
    turn_ = after(port);
    passed = 0;
  }
  // What was sent may let others in without an event of the memory: a read of what is now written.
  if (sent)
    for (Lane& lane : lanes_) lane.refused = false;
  return sent;
}

/// Whether an access was taken; with its last one the request leaves the lane.
bool MemoryAdapter::offer_request(Lane& lane, Cycle memory_now) {
  const std::uint64_t first = lane.next;
  while (lane.next != lane.end && memory_->can_accept(lane.next, lane.write)) {
    const std::uint64_t address = lane.next;
    lane.next += access_bytes_;
    memory_->send(address, lane.write, *lane.transfer, memory_now);
  }
  const bool sent = lane.next != first;
  if (sent) progress_at_ = memory_now;
  lane.refused = lane.next != lane.end;
  if (!lane.refused) lane.transfer.reset();
  return sent;
}

void MemoryAdapter::take(std::size_t port, Cycle now) {
  Lane& lane = lanes_[port];
  const TransferRequest request =
      lane.port->requests.pop(now, &own_path(), clocks_->core_cycles_of_one());
  HDP_CHECK(request.bytes > 0, "a request has at least one byte");
  const std::uint64_t capacity = memory_->capacity_bytes();
  if (request.address >= capacity || capacity - request.address < request.bytes)
    throw UserError({.path = "/memory",
                     .problem = fmt::format("the workload reaches address {}, behind its end",
                                            request.address + request.bytes),
                     .unit = "bytes",
                     .allowed = fmt::format("addresses below {}", capacity)});
  if (free_.size() == transfers_.size()) {
    active_since_ = now;
    progress_at_ = memory_now_;
  }
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(transfers_.size()));
    transfers_.emplace_back();
  }
  lane.transfer = free_.back();
  free_.pop_back();
  lane.write = request.write;
  lane.next = request.address & ~(access_bytes_ - 1);
  lane.end = (request.address + request.bytes + access_bytes_ - 1) & ~(access_bytes_ - 1);
  const std::uint64_t bytes = lane.end - lane.next;
  Transfer& transfer = transfers_[*lane.transfer];
  transfer.port = port;
  transfer.tag = request.tag;
  transfer.accesses_left = static_cast<std::int64_t>(bytes / access_bytes_);
  transfer.ends_at = {};
  transfer.taken_at = now;
  transfer.path = own_path();
  ++(request.write ? stats_.writes : stats_.reads);
  (request.write ? stats_.written_bytes : stats_.read_bytes) += request.bytes;
  stats_.moved_bytes += static_cast<std::int64_t>(bytes);
}

void MemoryAdapter::on_done(std::uint32_t tag, Cycle at) {
  Transfer& transfer = transfers_.at(tag);
  HDP_CHECK(transfer.accesses_left > 0, "an access ends once");
  transfer.ends_at = std::max(transfer.ends_at, at);
  progress_at_ = std::max(progress_at_, at);
  if (--transfer.accesses_left > 0) return;
  note_end({transfer.ends_at, tag});
}

/// Most end behind all others that are known to.
void MemoryAdapter::note_end(const Ended& ended) {
  const auto open = ended_.rend() - static_cast<std::ptrdiff_t>(next_ended_);
  const auto before =
      std::find_if(ended_.rbegin(), open, [&](const Ended& other) { return other.at <= ended.at; });
  ended_.insert(before.base(), ended);
}

/// Drops what was answered once it is half of the list, so that little is moved.
void MemoryAdapter::drop_answered() {
  if (2 * next_ended_ < ended_.size()) return;
  ended_.erase(ended_.begin(), ended_.begin() + static_cast<std::ptrdiff_t>(next_ended_));
  next_ended_ = 0;
}

bool MemoryAdapter::response_due(Cycle now) const {
  return any_ended() && clocks_->core_after(ended_[next_ended_].at) <= now;
}

void MemoryAdapter::respond(Cycle now) {
  while (response_due(now)) {
    const std::uint32_t index = ended_[next_ended_].transfer;
    Transfer& transfer = transfers_[index];
    Channel<TransferResponse>& responses = lanes_[transfer.port].port->responses;
    if (!responses.can_push(now)) return;
    least_latency_ = std::min(least_latency_, now - transfer.taken_at);
    transfer.path.latency_until(account_index(), transfer.taken_at + least_latency_);
    transfer.path.work_until(account_index(), now);
    responses.push(now, {transfer.tag}, transfer.path);
    own_path() = transfer.path;
    ++next_ended_;
    drop_answered();
    free_.push_back(index);
    if (timeline() != nullptr && free_.size() == transfers_.size()) [[unlikely]]
      timeline()->span(this->name(), "active", active_since_, now);
  }
}

bool MemoryAdapter::wants_to_send(Cycle now) const {
  return std::ranges::any_of(lanes_, [now](const Lane& lane) {
    return lane.transfer || lane.port->requests.next_pop() <= now;
  });
}

/// Whether a memory cycle, not an event of the memory, is all that some request waits for.
bool MemoryAdapter::waits_for_clock(Cycle now) const {
  return std::ranges::any_of(lanes_, [now](const Lane& lane) {
    return lane.transfer ? !lane.refused : lane.port->requests.next_pop() <= now;
  });
}

Cycle MemoryAdapter::next_event(Cycle now) const {
  Cycle next = kNever;
  if (any_ended() && !response_due(now)) next = clocks_->core_after(ended_[next_ended_].at);
  if (response_due(now)) return next;  // until it is taken nothing is sent
  if (waits_for_clock(now + Cycles{1})) next = std::min(next, clocks_->core_of(memory_now_));
  if (free_.size() != transfers_.size() && memory_event_ != kNever)
    next = std::min(next, clocks_->core_of(memory_event_));
  return std::max(next, now + Cycles{1});
}

void MemoryAdapter::give_up() const {
  throw UserError(
      {.path = "/memory",
       .problem = fmt::format("locked up: it has answered nothing since memory cycle {}",
                              progress_at_.index),
       .allowed = "a memory that ends every access"});
}

std::string MemoryAdapter::describe_wait() const {
  if (any_ended()) return "responses not taken";
  return free_.size() != transfers_.size() ? "accesses not ended" : "";
}

void MemoryAdapter::close(Cycle end) {
  run_until(clocks_->first_in(end));
  dram_ = memory_->close(clocks_->first_in(end));
  if (dram_ != nullptr) stats_.moved_bytes = dram_->result.moved_bytes(dram_->config);
  time_.close(end);
}

}  // namespace hdp
