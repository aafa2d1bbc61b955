// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/memory/memory.hpp>

namespace hdp {

/// A pipe of fixed bandwidth with a fixed latency behind it (sim/memory/ideal_memory.md). Requests
/// are taken one after another, round robin over the ports, and answered in that order; nothing
/// else delays them, but while a response finds its channel full no request is taken. A request has
/// at least one byte.
class IdealMemory final : public Memory {
 public:
  IdealMemory(std::string name, const MemoryConfig& config, std::int64_t clock_mhz,
              std::vector<TransferPort*> ports);

  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override { time_.close(end); }
  [[nodiscard]] const MemoryStats& stats() const override { return stats_; }
  [[nodiscard]] const TimeSplit<MemoryWait>& time() const override { return time_; }

 private:
  struct InFlight {
    Cycle done_at;
    std::size_t port = 0;
    std::uint32_t tag = 0;
    CriticalPath path;
  };
  [[nodiscard]] std::size_t next_port(Cycle now) const;
  void respond(Cycle now);
  void accept(Cycle now);
  void transfer(const TransferRequest& request, std::size_t port, Cycle now);
  [[nodiscard]] bool responses_stuck(Cycle now) const;
  void make_room();
  /// The first cycle that begins with a free pipe.
  [[nodiscard]] Cycle idle_from() const { return free_at_ + Cycles{free_tick_ > 0 ? 1 : 0}; }

  Cycles latency_;
  std::int64_t ticks_per_cycle_;  ///< Time on the pipe is exact: a cycle has bandwidth ticks,
  std::int64_t ticks_per_byte_;   ///< and a byte takes clock_mhz of them.
  std::vector<TransferPort*> ports_;

  Cycle free_at_;               ///< When the pipe is free: so many ticks after this cycle's start.
  std::int64_t free_tick_ = 0;  ///< Less than a cycle has.
  std::size_t turn_ = 0;        ///< The port that is asked first.
  std::vector<InFlight> in_flight_;  ///< A ring, in the order of completion.
  std::size_t oldest_ = 0, in_flight_count_ = 0;

  TimeSplit<MemoryWait> time_;
  MemoryStats stats_;
};

}  // namespace hdp
