// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include <hdp/base/quantity.hpp>

namespace hdp {

/// What an event hung on, back to the first cycle: at every step the last of the things that it
/// waited for. Each cycle of it is charged once, as work or latency, to the account of whom it was
/// spent in (sim/kernel/README.md). It goes with every message, so it is small: one that is longer
/// than 2^32 cycles is unknown.
class CriticalPath {
 public:
  /// Further accounts share the last one.
  static constexpr std::size_t kAccounts = 8;
  struct Account {
    std::uint32_t work = 0, latency = 0;
  };

  /// Nothing is known of how it came about.
  [[nodiscard]] static CriticalPath unknown() {
    CriticalPath path;
    path.end_ = kUnknown;
    return path;
  }
  [[nodiscard]] bool known() const { return end_ != kUnknown; }
  /// The sum of all accounts.
  [[nodiscard]] Cycle end() const { return end_; }
  [[nodiscard]] const Account& operator[](std::size_t account) const { return accounts_[account]; }

  void work_until(std::size_t account, Cycle at) { accounts_[account].work += advance(at); }
  void latency_until(std::size_t account, Cycle at) { accounts_[account].latency += advance(at); }

 private:
  static constexpr Cycle kUnknown{-1}, kLongest{std::numeric_limits<std::uint32_t>::max()};
  std::uint32_t advance(Cycle at) {
    if (at <= end_ || !known()) return 0;
    const auto cycles = static_cast<std::uint32_t>((at - end_).count);
    end_ = at <= kLongest ? at : kUnknown;
    return cycles;
  }
  Cycle end_{0};
  std::array<Account, kAccounts> accounts_{};
};

/// An account of a critical path, by its name.
struct CriticalTime {
  std::string account;
  std::int64_t work = 0, latency = 0;
  [[nodiscard]] std::int64_t cycles() const { return work + latency; }
};

}  // namespace hdp
