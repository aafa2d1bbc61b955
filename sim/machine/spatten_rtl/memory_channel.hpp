// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "stream.hpp"

namespace hdp::spatten_rtl {

/// A channel of the HBM2 behind the RTL: requests come and answers go one a cycle, 16 at most in
/// between, first-ready first-come. Timing in cycles of 1 ns as that memory simulator has it (its
/// version of October 2023); no refresh ever comes.
class MemoryChannel {
 public:
  /// Whether a request may be sent in this cycle, as seen at its start.
  [[nodiscard]] bool ready() const { return !waits_; }
  /// A lane asks for an `address` local to the channel.
  void request(std::uint32_t address, std::size_t lane, Time now) {
    lanes_[requested_++ % kRing] = static_cast<std::uint8_t>(lane);
    address_ = address;
    waits_ = true;
    send_if_room(now);
  }
  /// The first cycle in which an answer lies at the exit.
  [[nodiscard]] Time answer_at() const { return answer_at_; }
  /// Which lane it goes to: that of the oldest request, whichever it is for.
  [[nodiscard]] std::size_t answered_lane() const { return lanes_[taken_ % kRing]; }
  void take_answer(Time now) {
    ++taken_;
    answer_at_ = taken_ == read_ ? kNever : std::max(departs_[taken_ % kRing] + 1, now) + 1;
  }
  /// Ends the cycle. Returns the first one in which the channel has anything to do again unless one
  /// is asked for or taken; calls before may be left out.
  Time tick(Time now) {
    if (waits_) send_if_room(now);
    if (next_schedule_ <= now) next_schedule_ = schedule(now);
    return waits_ && answer_at_ > now ? std::min(next_schedule_, answer_at_) : next_schedule_;
  }

 private:
  static constexpr std::size_t kMostOutstanding = 16;
  static constexpr std::uint32_t kRing = 32;  // for those, one that waits and one at the exit
  static constexpr Time kNever = std::numeric_limits<Time>::max();
  static constexpr std::size_t kBanks = 16;  // of a pseudo-channel
  struct Wait {
    std::uint32_t row;
    std::uint32_t arrival;
    std::uint8_t bank;  // of both pseudo-channels
  };
  struct Bank {
    bool open = false;
    std::uint8_t active = 0;  // requests that opened the row and wait to read it
    std::uint32_t row = 0;
    Time activate = 0, read = 0, precharge = 0;  // first cycle in which each may come
  };
  struct PseudoChannel {
    Time read = 0, activate = 0;
    std::array<Time, 4> group_activate{};
    std::array<Time, 4> last_activates{-100, -100, -100, -100};
    std::size_t oldest_activate = 0;
  };
  struct List {
    std::array<Wait, kMostOutstanding> items{};
    std::size_t size = 0;
    // In order of arrival, which need not be that of the calls.
    void add(Wait wait) {
      std::size_t at = size++;
      for (; at > 0 && items[at - 1].arrival > wait.arrival; --at) items[at] = items[at - 1];
      items[at] = wait;
    }
    void remove(std::size_t at) {
      for (--size; at < size; ++at) items[at] = items[at + 1];
    }
  };

  // What has come to the exit in an earlier cycle is no longer outstanding.
  void send_if_room(Time now) {
    if (sent_ - taken_ - (answer_at_ <= now ? 1 : 0) == kMostOutstanding) return;
    send(address_);
    waits_ = false;
  }
  void send(std::uint32_t address);
  void take(std::size_t at);
  void find_hits();
  /// Issues a command if one is legal; the first cycle in which another may be.
  Time schedule(Time now);
  [[nodiscard]] Time next_hit() const;
  [[nodiscard]] Time read_time(std::size_t bank) const;
  [[nodiscard]] Time activate_time(std::size_t bank) const;
  void activate(Time now, std::size_t bank, std::uint32_t row);
  void read(Time now, std::size_t bank);

  List active_, waiting_;
  std::array<std::uint32_t, 2> hits_{};  ///< A bit for each that waits for an open row, of each
                                         ///< pseudo-channel.
  std::uint32_t misses_ = 0;             ///< The others that wait.
  std::array<Bank, 2 * kBanks> banks_{};
  std::array<PseudoChannel, 2> pseudo_channels_{};
  std::array<Time, kRing> departs_{};
  std::array<std::uint8_t, kRing> lanes_{};
  std::uint32_t requested_ = 0, sent_ = 0, read_ = 0, taken_ = 0;  ///< How many so far.
  bool waits_ = false;  ///< For room: a request for `address_`.
  std::uint32_t address_ = 0;
  Time row_bus_ = 0;  ///< First cycle in which a row command may come.
  Time next_schedule_ = kNever, answer_at_ = kNever;
};

}  // namespace hdp::spatten_rtl
