// SPDX-License-Identifier: Apache-2.0
#include "memory_channel.hpp"

#include <bit>

namespace hdp::spatten_rtl {
namespace {

constexpr Time kBurst = 4, kReadLatency = 11, kRcd = 7, kRp = 7, kRas = 17, kRc = 19, kRtp = 3,
               kRrdShort = 2, kRrdLong = 3, kFaw = 15,
               kActivateCommand = 2;  // an ACT takes the row bus of both pseudo-channels so long

// The bits without that at `at`, those above it one lower.
constexpr std::uint32_t without(std::uint32_t bits, std::size_t at) {
  const std::uint32_t below = (std::uint32_t{1} << at) - 1;
  return (bits & below) | (bits >> 1 & ~below);
}

}  // namespace

// Address from below: 32 B, 16 accesses of a row, pseudo-channel, bank group, bank, row.
void MemoryChannel::send(std::uint32_t address) {
  const std::size_t x = address >> 4;
  const std::size_t bank = (x >> 5 & 1) * kBanks + (x >> 6 & 3) * 4 + (x >> 8 & 3);
  const Bank& state = banks_[bank];
  const bool hit = state.open && state.row == x >> 10;
  (hit ? hits_[bank / kBanks] : misses_) |= std::uint32_t{1} << waiting_.size;
  next_schedule_ = std::min(next_schedule_, hit          ? read_time(bank)
                                            : state.open ? std::max(state.precharge, row_bus_)
                                                         : activate_time(bank));
  waiting_.items[waiting_.size++] = {static_cast<std::uint32_t>(x >> 10), sent_++,
                                     static_cast<std::uint8_t>(bank)};
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
  const Time departs = now + kReadLatency;
  if (read_ == taken_) answer_at_ = departs + 2;
  departs_[read_++ % kRing] = departs;
}

// After a row has been opened or closed.
void MemoryChannel::find_hits() {
  hits_ = {};
  misses_ = 0;
  for (std::size_t i = 0; i < waiting_.size; ++i) {
    const Wait& wait = waiting_.items[i];
    const Bank& bank = banks_[wait.bank];
    const bool hit = bank.open && bank.row == wait.row;
    (hit ? hits_[wait.bank / kBanks] : misses_) |= std::uint32_t{1} << i;
  }
}

// Where reads of open rows alone wait: not before a data bus is free.
Time MemoryChannel::next_hit() const {
  Time next = kNever;
  for (std::size_t p = 0; p < hits_.size(); ++p)
    if (hits_[p] != 0) next = std::min(next, pseudo_channels_[p].read);
  return next;
}

// One command: the oldest legal one of the requests whose row is open for them, else of the others.
Time MemoryChannel::schedule(Time now) {
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
    return now + 1;
  }
  std::uint32_t candidates = misses_;
  for (std::size_t p = 0; p < hits_.size(); ++p) {
    if (hits_[p] == 0) continue;
    if (const Time bus = pseudo_channels_[p].read; bus > now) {
      next = std::min(next, bus);
    } else {
      candidates |= hits_[p];
    }
  }
  for (; candidates != 0; candidates &= candidates - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(candidates));
    const Wait wait = waiting_.items[i];
    Bank& bank = banks_[wait.bank];
    const bool miss = (misses_ >> i & 1) != 0;
    const Time at = !miss       ? bank.read
                    : bank.open ? std::max(bank.precharge, row_bus_)
                                : activate_time(wait.bank);
    if (at > now) {
      next = std::min(next, at);
      continue;
    }
    if (!miss) {
      read(now, wait.bank);
      take(i);
      return misses_ == 0 && active_.size == 0 ? next_hit() : now + 1;
    }
    if (!bank.open) {
      activate(now, wait.bank, wait.row);
      active_.add(wait);
      take(i);
      find_hits();
    } else if (bank.active == 0) {  // else the chosen command is refused and the cycle lost
      bank.open = false;
      bank.activate = std::max(bank.activate, now + kRp);
      find_hits();
    }
    return now + 1;
  }
  return next;
}

void MemoryChannel::take(std::size_t at) {
  waiting_.remove(at);
  for (std::uint32_t& hits : hits_) hits = without(hits, at);
  if (misses_ != 0) misses_ = without(misses_, at);
}

}  // namespace hdp::spatten_rtl
