// SPDX-License-Identifier: Apache-2.0
#include "memory_channel.hpp"

#include <algorithm>
#include <limits>

namespace hdp::spatten_rtl {
namespace {

constexpr Time kBurst = 4, kReadLatency = 11, kRcd = 7, kRp = 7, kRas = 17, kRc = 19, kRtp = 3,
               kRrdShort = 2, kRrdLong = 3, kFaw = 15,
               kActivateCommand = 2;  // an ACT takes the row bus of both pseudo-channels so long
constexpr Time kNever = std::numeric_limits<Time>::max();

}  // namespace

void MemoryChannel::tick(Time now, bool came, std::uint32_t address) {
  if (came) {
    retry_valid_ = true;
    retry_ = address;
  }
  if (retry_valid_ && outstanding_ < kMostOutstanding) {
    send(retry_);
    retry_valid_ = false;
    ++outstanding_;
  }
  if (!answer_ && answered_ != read_ && departs_[answered_ % kMostOutstanding] < now) {
    ++answered_;
    --outstanding_;
    answer_ = true;
  }
  if (next_schedule_ <= now) schedule(now);
}

// Address from below: 32 B, 16 accesses of a row, pseudo-channel, bank group, bank, row.
void MemoryChannel::send(std::uint32_t address) {
  const std::size_t x = address >> 4;
  const std::size_t bank = (x >> 5 & 1) * kBanks + (x >> 6 & 3) * 4 + (x >> 8 & 3);
  const Bank& state = banks_[bank];
  const bool hit = state.open && state.row == x >> 10;
  ++(hit ? hits_[bank / kBanks] : misses_);
  next_schedule_ = std::min(next_schedule_, hit          ? read_time(bank)
                                            : state.open ? std::max(state.precharge, row_bus_)
                                                         : activate_time(bank));
  waiting_.add(
      {static_cast<std::uint32_t>(x >> 10), sent_++, static_cast<std::uint8_t>(bank), hit});
}

Time MemoryChannel::read_time(std::size_t bank) const {
  return std::max(banks_[bank].read, pseudo_channels_[bank / kBanks].read);
}

Time MemoryChannel::activate_time(std::size_t bank) const {
  const auto& channel = pseudo_channels_[bank / kBanks];
  const Time window = channel.last_activates[channel.oldest_activate] + kFaw;
  return std::max({banks_[bank].activate, channel.activate, row_bus_,
                   channel.group_activate[bank % kBanks / 4], window});
}

void MemoryChannel::activate(Time now, std::size_t bank, std::uint32_t row) {
  Bank& b = banks_[bank];
  auto& channel = pseudo_channels_[bank / kBanks];
  b.open = true;
  b.row = row;
  ++b.active;
  b.activate = now + kRc;
  b.read = now + kRcd;
  b.precharge = now + kRas;
  row_bus_ = now + kActivateCommand;
  channel.activate = now + kRrdShort;
  channel.group_activate[bank % kBanks / 4] = now + kRrdLong;
  channel.last_activates[channel.oldest_activate] = now;
  channel.oldest_activate = (channel.oldest_activate + 1) % 4;
}

void MemoryChannel::read(Time now, std::size_t bank) {
  Bank& b = banks_[bank];
  b.precharge = std::max(b.precharge, now + kRtp);
  pseudo_channels_[bank / kBanks].read = now + kBurst;
  departs_[read_++ % kMostOutstanding] = now + kReadLatency;
}

// After a row has been opened or closed.
void MemoryChannel::count() {
  hits_ = {};
  misses_ = 0;
  for (std::size_t i = 0; i < waiting_.size; ++i) {
    Wait& wait = waiting_.items[i];
    const Bank& bank = banks_[wait.bank];
    wait.hit = bank.open && bank.row == wait.row;
    ++(wait.hit ? hits_[wait.bank / kBanks] : misses_);
  }
}

// One command: the oldest legal one of the requests whose row is open for them, else of the others.
void MemoryChannel::schedule(Time now) {
  if (misses_ == 0 && active_.size == 0) {  // reads alone: not before a data bus is free
    Time next = kNever;
    for (std::size_t p = 0; p < hits_.size(); ++p)
      if (hits_[p] != 0) next = std::min(next, pseudo_channels_[p].read);
    if (next > now) {
      next_schedule_ = next;
      return;
    }
  }
  Time next = kNever;
  for (std::size_t i = 0; i < active_.size; ++i) {
    const std::size_t bank = active_.items[i].bank;
    if (const Time at = read_time(bank); at > now) {
      next = std::min(next, at);
      continue;
    }
    read(now, bank);
    --banks_[bank].active;
    active_.remove(i);
    next_schedule_ = now + 1;
    return;
  }
  for (std::size_t i = 0; i < waiting_.size; ++i) {
    const Wait wait = waiting_.items[i];
    if (const Time bus = pseudo_channels_[wait.bank / kBanks].read; wait.hit && bus > now) {
      next = std::min(next, bus);
      continue;
    }
    Bank& bank = banks_[wait.bank];
    const Time at = wait.hit    ? bank.read
                    : bank.open ? std::max(bank.precharge, row_bus_)
                                : activate_time(wait.bank);
    if (at > now) {
      next = std::min(next, at);
      continue;
    }
    next_schedule_ = now + 1;
    if (wait.hit) {
      read(now, wait.bank);
      waiting_.remove(i);
      --hits_[wait.bank / kBanks];
    } else if (!bank.open) {
      activate(now, wait.bank, wait.row);
      active_.add(wait);
      waiting_.remove(i);
      count();
    } else if (bank.active == 0) {  // else the chosen command is refused and the cycle lost
      bank.open = false;
      bank.activate = std::max(bank.activate, now + kRp);
      count();
    }
    return;
  }
  next_schedule_ = next;
}

}  // namespace hdp::spatten_rtl
