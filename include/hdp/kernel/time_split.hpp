// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <numeric>
#include <type_traits>

#include <hdp/base/check.hpp>
#include <hdp/base/quantity.hpp>

namespace hdp {

/// Every cycle of a component, charged to exactly one of idle, busy or blocked on a reason. Time is
/// charged in spans, from one change to the next, so skipped cycles count and visits do not.
/// `Reason` is an enum with enumerators 0 .. Count-1 and a last one, `Count`.
template <class Reason>
  requires std::is_enum_v<Reason> && requires { Reason::Count; }
class TimeSplit {
 public:
  enum class State { Idle, Busy, Blocked };
  /// The reason counts only where blocked.
  struct Doing {
    State state;
    Reason reason{};
    friend constexpr bool operator==(const Doing&, const Doing&) = default;
  };

  explicit TimeSplit(Cycle start = Cycle{0}) : start_(start), since_(start) {}

  /// From cycle `now` on it does this. Call it at the end of every tick.
  void enter(Doing doing, Cycle now) {
    if (doing == doing_) return;
    HDP_CHECK(doing.state != State::Blocked || index(doing.reason) < blocked_.size(),
              "Count is no reason");
    charge_until(now);
    doing_ = doing;
  }

  /// Charges the span that is still open. Time may go on from here.
  void close(Cycle end) {
    charge_until(end);
    HDP_CHECK(total() == end - start_, "every cycle is charged exactly once");
  }

  /// Time charged so far: up to the last change, or close.
  [[nodiscard]] Cycles idle() const { return idle_; }
  [[nodiscard]] Cycles busy() const { return busy_; }
  [[nodiscard]] Cycles blocked(Reason reason) const {
    HDP_CHECK(index(reason) < blocked_.size(), "Count is no reason");
    return blocked_[index(reason)];
  }
  [[nodiscard]] Cycles blocked() const {
    return std::accumulate(blocked_.begin(), blocked_.end(), Cycles{});
  }
  [[nodiscard]] Cycles total() const { return idle_ + busy_ + blocked(); }

  friend bool operator==(const TimeSplit&, const TimeSplit&) = default;

 private:
  static constexpr std::size_t index(Reason reason) { return static_cast<std::size_t>(reason); }

  Cycles& account() {
    if (doing_.state == State::Idle) return idle_;
    if (doing_.state == State::Busy) return busy_;
    return blocked_[index(doing_.reason)];
  }
  void charge_until(Cycle now) {
    HDP_CHECK(since_ <= now, "time does not go back");
    account() += now - since_;
    since_ = now;
  }

  Cycle start_;
  Cycle since_;
  Doing doing_{State::Idle, Reason{}};
  Cycles idle_;
  Cycles busy_;
  std::array<Cycles, index(Reason::Count)> blocked_{};
};

}  // namespace hdp
