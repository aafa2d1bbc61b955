// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "memory/load_meter.hpp"
#include "memory/rank_sleep.hpp"
#include "memory/timing_rules.hpp"
#include <hdp/base/quantity.hpp>
#include <hdp/memory/dram_command.hpp>
#include <hdp/memory/dram_config.hpp>
#include <hdp/memory/dram_stats.hpp>

namespace hdp {

/// The banks of one command bus: which row is open, and when each command is next legal. Banks are
/// numbered through pseudo-channels, ranks, bank groups; a "rank" here is a rank of one
/// pseudo-channel.
class DramBanks {
 public:
  static constexpr std::int32_t kClosed = -1;

  /// `ranks` of them on this bus, with the rules of `config`.
  DramBanks(const DramConfig& config, std::size_t ranks);

  [[nodiscard]] std::size_t banks() const { return open_row_.size(); }
  [[nodiscard]] std::size_t ranks() const { return open_banks_.size(); }
  [[nodiscard]] std::size_t rank_of(std::size_t bank) const { return places_[bank].rank / kStride; }
  [[nodiscard]] std::size_t banks_per_rank() const { return banks_per_rank_; }
  [[nodiscard]] std::int32_t open_row(std::size_t bank) const { return open_row_[bank]; }
  [[nodiscard]] std::int64_t open_banks(std::size_t rank) const { return open_banks_[rank]; }

  /// The earliest cycle at which Act, Pre, Rd or Wr to this bank keeps every rule.
  [[nodiscard]] Cycle ready_at(DramCommand command, std::size_t bank) const {
    const Place& place = places_[bank];
    const std::size_t c = index_of(command);
    return std::max(std::max(ready_[place.bank + c], ready_[place.group + c]),
                    ready_[place.rank + c]);
  }
  /// The same, or an earlier cycle after `now`: the rank's rules alone are often enough.
  [[nodiscard]] Cycle ready_after(DramCommand command, std::size_t bank, Cycle now) const {
    const Cycle rank_ready_at = ready_[places_[bank].rank + index_of(command)];
    return rank_ready_at > now ? rank_ready_at : ready_at(command, bank);
  }
  /// The same for PreAll and Ref.
  [[nodiscard]] Cycle rank_ready_at(DramCommand command, std::size_t rank) const {
    return ready_[rank * kStride + index_of(command)];
  }
  /// Before, the command is legal nowhere.
  [[nodiscard]] Cycle any_ready_at(DramCommand command) const {
    Cycle ready_at = rank_ready_at(command, 0);
    for (std::size_t rank = 1; rank < ranks(); ++rank)
      ready_at = std::min(ready_at, rank_ready_at(command, rank));
    return ready_at;
  }

  /// Something waits for a command to the rank: a request, until its column command, or a refresh.
  void want(std::size_t rank, Cycle now) {
    if (sleep_.enabled() && sleep_.want(rank, open_banks_[rank] > 0, now)) wake(rank, now);
  }

  /// Act opens `row`, Pre closes the bank, with the row policy `closed` so do Rd and Wr; the caller
  /// has seen that it is legal.
  void issue(DramCommand command, std::size_t bank, std::int32_t row, Cycle now);
  /// PreAll or Ref.
  void issue_to_rank(DramCommand command, std::size_t rank, Cycle now);
  /// The run ends before `end`: charges the time with open banks up to there.
  void close(Cycle end);

  [[nodiscard]] const std::array<std::int64_t, kDramCommands>& issued() const { return issued_; }
  /// Cycles in which a bank of a rank was open, summed over the ranks, up to the last close().
  [[nodiscard]] Cycles active_standby() const { return active_standby_; }
  /// Of that time and of the rest: in power-down.
  [[nodiscard]] Cycles active_power_down() const { return sleep_.active(); }
  [[nodiscard]] Cycles precharged_power_down() const { return sleep_.precharged(); }
  /// What all commands so far account for in a run that ends before `end`.
  [[nodiscard]] DramLoad load(Cycle end) const { return meter_.load(end); }

 private:
  static constexpr std::size_t kStride = 8;  // commands of a place, rounded up
  static constexpr std::size_t kWindow = 4;
  struct Place {
    std::uint32_t rank, group, bank;  ///< Offsets into ready_.
  };
  struct Rule {
    std::uint32_t place, to;  ///< Place: the rank, the group or the bank of the command.
    Cycles cycles;
  };
  /// Rules that begin with one command.
  struct Rules {
    std::vector<Rule> own, other_ranks;
  };
  struct Window {
    std::array<Cycle, kWindow> at;
    std::size_t oldest;
  };
  static void demand(std::vector<Rule>& rules, const Rule& rule);
  void apply_rules(DramCommand command, const Place& place, Cycle now);
  void limit_activations(std::size_t rank, const Place& place, Cycle now);
  void count_open(std::size_t rank, std::int64_t change, Cycle now);
  void precharge_behind(std::size_t bank, Cycle now);
  void wake(std::size_t rank, Cycle now);

  bool closes_rows_;
  Cycles precharge_to_act_{}, precharge_to_refresh_{};
  std::size_t banks_per_rank_;
  Cycles four_activations_;
  std::array<Rules, kDramCommands> rules_;  ///< By the command they begin with.
  std::vector<Cycle> ready_;                ///< Ranks, then groups, then banks; kStride of each.
  std::vector<Place> places_;
  std::vector<std::int32_t> open_row_;
  std::vector<std::int64_t> open_banks_;
  std::vector<Cycle> open_since_;
  std::vector<Cycle> closing_until_;  ///< By rank: the last auto-precharge begins.
  std::vector<Window> windows_;
  LoadMeter meter_;
  RankSleep sleep_;
  Cycles wake_time_, read_time_, write_time_, refresh_time_;
  std::array<std::int64_t, kDramCommands> issued_{};
  Cycles active_standby_{};
};

}  // namespace hdp
