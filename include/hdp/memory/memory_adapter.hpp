// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <hdp/memory/access_listener.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/memory/memory_simulator.hpp>

namespace hdp {

class ClockCrossing;

/// Puts a memory simulator behind the ports of a machine (sim/memory/memory_adapter.md): cuts
/// requests into accesses, crosses to the clock of the memory and back, and answers a request when
/// its last access has ended. Sleeps while nothing is under way, and makes up for it.
class MemoryAdapter final : public Memory, private AccessListener {
 public:
  MemoryAdapter(std::string name, std::unique_ptr<MemorySimulator> memory, std::int64_t clock_mhz,
                std::vector<TransferPort*> ports);
  ~MemoryAdapter() override;

  /// UserError where a request lies behind the end of the memory, or the memory has answered
  /// nothing for ten million of its cycles.
  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override;
  [[nodiscard]] const MemoryStats& stats() const override { return stats_; }
  [[nodiscard]] const TimeSplit<MemoryWait>& time() const override { return time_; }
  [[nodiscard]] const DramUse* dram() const override { return dram_; }

 private:
  /// A request that has been taken.
  struct Transfer {
    std::size_t port = 0;
    std::uint32_t tag = 0;
    std::int64_t accesses_left = 0;  ///< Not ended, sent or not.
    Cycle ends_at{};                 ///< In memory cycles, as far as it is known.
    Cycle taken_at{};                ///< In core cycles,
    CriticalPath path{};             ///< and what that hung on.
  };
  /// A transfer whose end is known.
  struct Ended {
    Cycle at;  ///< In memory cycles.
    std::uint32_t transfer;
  };
  /// A port, and what is left to send of its request.
  struct Lane {
    TransferPort* port;
    std::optional<std::uint32_t> transfer{};
    std::uint64_t next = 0, end = 0;
    bool write = false;
    bool refused = false;  ///< Its next access waits for room.
  };

  void on_done(std::uint32_t tag, Cycle at) override;
  bool offer(Cycle now, Cycle memory_now);
  bool offer_request(Lane& lane, Cycle memory_now);
  void take(std::size_t port, Cycle now);
  void run_until(Cycle memory_end);
  void respond(Cycle now);
  [[noreturn]] void give_up() const;
  void note_end(const Ended& ended);
  void drop_answered();
  [[nodiscard]] bool any_ended() const { return next_ended_ != ended_.size(); }
  [[nodiscard]] bool response_due(Cycle now) const;
  [[nodiscard]] bool wants_to_send(Cycle now) const;
  [[nodiscard]] bool waits_for_clock(Cycle now) const;
  [[nodiscard]] std::size_t after(std::size_t port) const { return (port + 1) % lanes_.size(); }

  std::unique_ptr<MemorySimulator> memory_;
  std::unique_ptr<const ClockCrossing> clocks_;
  std::uint64_t access_bytes_;

  std::vector<Lane> lanes_;
  std::size_t turn_ = 0;  ///< The port that is asked first.
  std::vector<Transfer> transfers_;
  std::vector<std::uint32_t> free_;  ///< Transfers that are not in use.
  std::vector<Ended> ended_;         ///< In the order of their ends; of one end, as told.
  std::size_t next_ended_ = 0;       ///< Those before it have been answered.
  Cycle memory_now_{};               ///< The first memory cycle that has not run.
  Cycle memory_event_{};             ///< Before, a tick of the memory does nothing.
  Cycle active_since_{};
  Cycles least_latency_{kNever.index};  ///< Of a request, in core cycles: more is waiting in turn.
  Cycle progress_at_{};  ///< The last memory cycle in which an access was taken or ended.

  TimeSplit<MemoryWait> time_;
  MemoryStats stats_;
  const DramUse* dram_ = nullptr;
};

}  // namespace hdp
