// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "memory/dram_banks.hpp"
#include "memory/request_list.hpp"
#include "memory/waiting_meter.hpp"
#include <hdp/memory/dram_channel.hpp>

namespace hdp {

/// bank_queues (bank_queue_channel.md): requests wait for one queue a bank; the queues are visited
/// round robin; writes are kept back and drained together.
class BankQueueChannel final : public DramChannel {
 public:
  explicit BankQueueChannel(const DramConfig& config);

  [[nodiscard]] bool can_accept(const DramAccess& access) const override;
  void send(const DramAccess& access, Cycle now) override;
  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  void drain_writes(Cycle now) override;
  [[nodiscard]] std::int64_t buffered_writes() const override;
  [[nodiscard]] bool drained() const override;
  [[nodiscard]] DramStats close(Cycle end) override;

 private:
  struct BankQueue {
    Cycle try_at{};           ///< No command of it is legal before.
    std::int64_t served = 0;  ///< Column commands since its row was opened.
    RequestList requests{};
  };
  struct Choice {
    std::size_t bank, entry;
    DramCommand command;
  };

  void queue_refresh(Cycle now);
  bool issue_refresh(Cycle now);
  std::optional<Choice> visit_banks(Cycle now);
  std::optional<Choice> first_ready(std::size_t bank, Cycle now);
  [[nodiscard]] bool may_close(const BankQueue& queue, std::int32_t open) const;
  void issue(const Choice& choice, Cycle now);
  void finish(const WaitingRequest& request, Cycle now);
  void end_read(const WaitingRequest& request, Cycle at);
  bool move_one(Cycle now);
  void start_drain();
  bool move_first(RequestList& from, Cycle now);
  [[nodiscard]] bool waits(const RequestList& list, const WaitingRequest& like, bool write) const;
  [[nodiscard]] bool frozen(std::size_t bank) const {
    return refreshes_due_ > 0 && banks_.rank_of(bank) == refresh_rank_;
  }

  // Settings
  bool two_commands_;
  Cycles read_latency_, refresh_interval_;
  std::size_t read_entries_, write_entries_, bank_entries_, idle_drain_writes_;
  std::int64_t row_hit_cap_;

  // State
  DramBanks banks_;
  WaitingMeter waiting_;
  RequestList reads_, writes_;
  RequestList riders_;  ///< Reads of an address that an earlier read fetches.
  std::vector<BankQueue> queues_;
  std::size_t queued_ = 0;  ///< In all queues.
  std::int64_t columns_ = 0;
  std::size_t last_visited_;
  std::size_t drain_ = 0;  ///< Writes still to be moved.
  bool keeps_writes_ = true;
  Cycle next_refresh_at_{};
  std::int64_t refreshes_due_ = 0;
  std::size_t refresh_rank_ = 0;
  Cycle look_at_{};
};

}  // namespace hdp
