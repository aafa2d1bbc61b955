// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "plain_parts.hpp"

namespace hdp::test::plain {

/// One HBM2 channel behind the DPI (B7, B9).
class Channel {
 public:
  std::optional<int> response;           // the lane that it is for
  std::optional<std::uint32_t> request;  // the retry register; ready while it is empty

  void accept(int lane, std::uint32_t local_address) {
    lanes_.push_back(lane);
    request = local_address;
  }

  /// One clock edge: push, pop, tick.
  void clock(Cycle now) {
    if (request && outstanding_ < 16) {
      waiting_.push_back(decode(*request, now));
      request.reset();
      ++outstanding_;
    }
    if (completed_ > 0 && put(response, lanes_.front())) {  // k-th completion, k-th request
      lanes_.pop_front();
      --completed_;
      --outstanding_;
    }
    if (!reading_.empty() && reading_.front() <= now) {
      reading_.pop_front();
      ++completed_;
    }
    command(now);
  }

 private:
  struct Bank {
    Cycle row = -1, activate = 0, read = 0, precharge = 0;
  };
  struct PseudoChannel {
    Cycle read = 0, activate = 0;
    std::array<Cycle, 4> group_activate{}, last_activates{-15, -15, -15, -15};
  };
  struct Access {
    std::size_t pseudo = 0, group = 0, bank = 0;
    Cycle row = 0, arrival = 0;
  };
  static Access decode(std::uint32_t local_address, Cycle now) {
    const std::uint32_t x = local_address >> 4;
    const std::size_t group = (x >> 6) & 3;
    return {(x >> 5) & 1, group, ((x >> 5) & 1) * 16 + group * 4 + ((x >> 8) & 3), x >> 10, now};
  }

  bool read(std::vector<Access>& list, std::vector<Access>::iterator a, Cycle now) {
    Bank& bank = banks_[a->bank];
    PseudoChannel& pseudo = pseudo_[a->pseudo];
    if (bank.row != a->row || bank.read > now || pseudo.read > now) return false;
    reading_.push_back(now + 11);
    pseudo.read = now + 4;
    // Not in the notes: which of nRTPS and nRTPL holds in a bank; it is nRTPL.
    bank.precharge = std::max(bank.precharge, now + 3);
    list.erase(a);
    return true;
  }

  /// Not in the notes: after an ACT the whole channel takes no ACT and no PRE for two cycles.
  void command(Cycle now) {
    for (auto a = active_.begin(); a != active_.end(); ++a) {
      if (read(active_, a, now)) return;
    }
    for (auto a = waiting_.begin(); a != waiting_.end(); ++a) {
      Bank& bank = banks_[a->bank];
      PseudoChannel& pseudo = pseudo_[a->pseudo];
      if (read(waiting_, a, now)) return;
      if (bank.row == a->row || row_command_ > now) continue;
      if (bank.row >= 0) {
        if (bank.precharge > now) continue;
        const auto same_bank = [&](const Access& other) { return other.bank == a->bank; };
        if (std::any_of(active_.begin(), active_.end(), same_bank)) return;
        bank.row = -1;
        bank.activate = std::max(bank.activate, now + 7);
        return;
      }
      Cycle& group_activate = pseudo.group_activate[a->group];
      auto& fours = pseudo.last_activates;
      if (std::max({bank.activate, pseudo.activate, group_activate, fours[0] + 15}) > now) continue;
      bank = {a->row, now + 19, now + 7, now + 17};
      pseudo.activate = row_command_ = now + 2;
      group_activate = now + 3;
      fours = {fours[1], fours[2], fours[3], now};
      const auto older = [](const Access& x, const Access& y) { return x.arrival < y.arrival; };
      active_.insert(std::upper_bound(active_.begin(), active_.end(), *a, older), *a);
      waiting_.erase(a);
      return;
    }
  }

  std::deque<int> lanes_;
  std::vector<Access> waiting_, active_;
  std::deque<Cycle> reading_;
  std::array<Bank, 32> banks_{};
  std::array<PseudoChannel, 2> pseudo_{};
  Cycle row_command_ = 0;
  int outstanding_ = 0, completed_ = 0;
};

}  // namespace hdp::test::plain
