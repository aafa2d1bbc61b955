// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <utility>

#include <hdp/base/check.hpp>
#include <hdp/memory/memory_simulator.hpp>

namespace hdp::test {

struct StandInConfig {
  std::int64_t access_bytes = 64, tck_ps = 1'000, latency = 10;
};

/// The smallest foreign memory: takes one access a cycle and ends it `latency` cycles later.
/// It must be ticked in every cycle, and checks that it is.
class StandInMemory final : public MemorySimulator {
 public:
  explicit StandInMemory(const StandInConfig& config) : config_(config) {}
  [[nodiscard]] std::int64_t access_bytes() const override { return config_.access_bytes; }
  [[nodiscard]] std::int64_t tck_ps() const override { return config_.tck_ps; }
  [[nodiscard]] bool can_accept(std::uint64_t address, bool /*write*/) const override {
    return !taken_ && address >= refused_below_;
  }
  void send(std::uint64_t /*address*/, bool /*write*/, std::uint32_t tag, Cycle now) override {
    HDP_CHECK(now.index == ticks_, "sent in the cycle that is ticked next");
    taken_ = true;
    under_way_.emplace_back(now + Cycles{config_.latency}, tag);
  }
  void tick(Cycle now) override {
    HDP_CHECK(now.index == ticks_, "no cycle is left out");
    ++ticks_;
    taken_ = false;
    for (; !under_way_.empty() && under_way_.front().first == now; under_way_.pop_front())
      tell(under_way_.front().second, now);
  }

  void refuse_below(std::uint64_t address) { refused_below_ = address; }
  [[nodiscard]] std::int64_t ticks() const { return ticks_; }

 private:
  StandInConfig config_;
  std::deque<std::pair<Cycle, std::uint32_t>> under_way_;
  std::uint64_t refused_below_ = 0;
  std::int64_t ticks_ = 0;
  bool taken_ = false;
};

}  // namespace hdp::test
