// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "memory/active_requests.hpp"
#include "memory/dram_banks.hpp"
#include "memory/request_list.hpp"
#include "memory/waiting_meter.hpp"
#include <hdp/memory/dram_channel.hpp>

namespace hdp {

/// frfcfs_shared_queue (shared_queue_channel.md): one list of reads and one of writes for all
/// banks; the oldest request whose next command is legal goes first.
class SharedQueueChannel final : public DramChannel {
 public:
  explicit SharedQueueChannel(const DramConfig& config);

  [[nodiscard]] bool can_accept(const DramAccess& access) const override;
  void send(const DramAccess& access, Cycle now) override;
  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  void drain_writes(Cycle /*now*/) override {}  // they are never kept back
  [[nodiscard]] std::int64_t buffered_writes() const override;
  [[nodiscard]] bool drained() const override;
  [[nodiscard]] DramStats close(Cycle end) override;

 private:
  enum class Slots { Either, Both, Row };
  struct Choice {
    std::optional<std::size_t> column, row;  ///< Entries of the list.
  };

  void queue_refreshes(Cycle now);
  bool issue_one(Cycle now);
  bool issue_two(Cycle now);
  bool issue_active(Cycle now);
  bool issue_refresh(Cycle now);
  bool update_mode();
  Choice choose(Slots slots, Cycle now);
  void issue_row(const Choice& choice, Cycle now);
  void issue_column(std::size_t entry, Cycle now);
  void leave_list(std::size_t entry);
  void finish(const WaitingRequest& request, bool write, Cycle now);
  void count_first(WaitingRequest& request, std::int64_t& kind);
  void look_again(std::size_t bank);
  void look_again_at_rank(std::size_t rank);
  void look_at(WaitingRequest& request);
  [[nodiscard]] DramCommand next_command(const WaitingRequest& request) const;
  /// Whether such a command could be legal for a request of the chosen list.
  [[nodiscard]] bool wants(DramCommand command, Cycle now) {
    Cycle& legal_at = legal_at_[index_of(command)];
    if (legal_at > now) return false;
    legal_at = std::max(legal_at, banks_.any_ready_at(command));
    return legal_at <= now;
  }
  [[nodiscard]] DramCommand column_command() const {
    return write_mode_ ? DramCommand::Wr : DramCommand::Rd;
  }
  [[nodiscard]] Cycle next_legal_at() const;
  [[nodiscard]] bool has_older_hit(const WaitingRequest& request) const;
  RequestList& chosen_list() { return write_mode_ ? writes_ : reads_; }
  [[nodiscard]] const RequestList& chosen_list() const { return write_mode_ ? writes_ : reads_; }

  // Settings
  bool two_slots_, keeps_hits_, closes_rows_, refreshes_;
  Cycles read_latency_, refresh_interval_;
  std::size_t read_entries_, write_entries_;
  std::size_t write_high_, write_low_;

  // State
  DramBanks banks_;
  WaitingMeter waiting_;
  RequestList reads_, writes_;
  std::vector<std::uint32_t> waiting_in_bank_;  ///< Entries of both lists.
  std::vector<std::uint8_t> held_open_;         ///< By bank: a PRE waits for its active request.
  ActiveRequests active_;
  bool write_mode_ = false;
  std::array<Cycle, kDramCommands> legal_at_{};  ///< Before, no such command of the chosen list is.
  Cycle next_refresh_at_{};
  std::int64_t refreshes_due_ = 0;
  std::size_t refresh_rank_ = 0;
  Cycle look_at_{};
};

}  // namespace hdp
