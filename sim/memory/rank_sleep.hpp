// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <hdp/base/quantity.hpp>
#include <hdp/memory/dram_config.hpp>

namespace hdp {

/// Which ranks are in power-down, and for how long: those that nothing is wanted of. A rank falls
/// asleep `after` cycles behind its last activity, as it is, and the first want wakes it.
class RankSleep {
 public:
  RankSleep(const DramConfig& config, std::size_t ranks)
      : after_{config.power_down.after}, ranks_(config.power_down.when_idle ? ranks : 0) {}

  [[nodiscard]] bool enabled() const { return !ranks_.empty(); }

  /// A request or a refresh of the rank waits; whether that ends a power-down, `open` or not.
  bool want(std::size_t rank, bool open, Cycle now) {
    return ranks_[rank].wanted++ == 0 && charge(rank, open, now);
  }
  /// It has been served; the rank is busy with it until `end`.
  void serve(std::size_t rank, Cycle end) {
    --ranks_[rank].wanted;
    stay_awake(rank, end);
  }
  void stay_awake(std::size_t rank, Cycle end) {
    ranks_[rank].active_until = std::max(ranks_[rank].active_until, end);
  }
  /// The run ends before `end`.
  void close(std::size_t rank, bool open, Cycle end) {
    if (ranks_[rank].wanted == 0 && charge(rank, open, end))
      ranks_[rank].active_until = end - after_;
  }

  [[nodiscard]] Cycles active() const { return active_; }
  [[nodiscard]] Cycles precharged() const { return precharged_; }

 private:
  struct Rank {
    std::int64_t wanted = 0;
    Cycle active_until{};
  };
  bool charge(std::size_t rank, bool open, Cycle now) {
    const Cycle asleep_from = ranks_[rank].active_until + after_;
    if (now <= asleep_from) return false;
    (open ? active_ : precharged_) += now - asleep_from;
    return true;
  }

  Cycles after_;
  std::vector<Rank> ranks_;
  Cycles active_{}, precharged_{};
};

}  // namespace hdp
