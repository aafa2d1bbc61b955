// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "stream.hpp"

namespace hdp::spatten_rtl {

/// A channel of the HBM2 behind the RTL: requests come and answers go one a cycle, 16 at most in
/// between, first-ready first-come. Timing in cycles of 1 ns as that memory simulator has it (its
/// version of October 2023); no refresh ever comes.
class MemoryChannel {
 public:
  /// Whether a request may be sent in this cycle, as seen at its start.
  [[nodiscard]] bool ready() const { return !retry_valid_; }
  /// An answer, whichever request it is for.
  [[nodiscard]] bool answer() const { return answer_; }
  void take_answer() { answer_ = false; }
  /// Ends the cycle, in which a request for an `address` local to the channel came, or none.
  void tick(Time now, bool came, std::uint32_t address);

 private:
  static constexpr std::size_t kMostOutstanding = 16;
  static constexpr std::size_t kBanks = 16;  // of a pseudo-channel
  struct Wait {
    std::uint32_t row;
    std::uint32_t arrival;
    std::uint8_t bank;  // of both pseudo-channels
    bool hit;           // its row is open
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
    // In order of arrival.
    void add(Wait wait) {
      std::size_t at = size++;
      for (; at > 0 && items[at - 1].arrival > wait.arrival; --at) items[at] = items[at - 1];
      items[at] = wait;
    }
    void remove(std::size_t at) {
      for (--size; at < size; ++at) items[at] = items[at + 1];
    }
  };

  void send(std::uint32_t address);
  void count();
  void schedule(Time now);
  [[nodiscard]] Time read_time(std::size_t bank) const;
  [[nodiscard]] Time activate_time(std::size_t bank) const;
  void activate(Time now, std::size_t bank, std::uint32_t row);
  void read(Time now, std::size_t bank);

  List active_, waiting_;
  std::array<std::size_t, 2> hits_{};  ///< Waiting for an open row, of each pseudo-channel.
  std::size_t misses_ = 0;             ///< The others that wait.
  std::array<Bank, 2 * kBanks> banks_{};
  std::array<PseudoChannel, 2> pseudo_channels_{};
  std::array<Time, kMostOutstanding> departs_{};
  std::uint32_t sent_ = 0, read_ = 0, answered_ = 0;  // how many so far
  std::size_t outstanding_ = 0;
  bool retry_valid_ = false, answer_ = false;
  std::uint32_t retry_ = 0;
  Time row_bus_ = 0;  ///< First cycle in which a row command may come.
  Time next_schedule_ = 0;
};

}  // namespace hdp::spatten_rtl
