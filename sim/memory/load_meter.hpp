// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "memory/covered_time.hpp"
#include <hdp/base/quantity.hpp>
#include <hdp/memory/dram_command.hpp>
#include <hdp/memory/dram_config.hpp>
#include <hdp/memory/dram_stats.hpp>

namespace hdp {

/// What the commands of one command bus account for, limit by limit (docs/memory.md). Every
/// interval ends with the run, and of a place they never overlap: no load is longer than the run.
class LoadMeter {
 public:
  /// `ranks` of all pseudo-channels; those of one pseudo-channel share a data bus.
  LoadMeter(const DramConfig& config, std::size_t ranks);

  /// Commands in the order in which they go out.
  void on_column(DramCommand command, std::size_t bank, Cycle now);
  void on_activate(std::size_t bank, Cycle now);
  void on_precharge(Cycle now) { row_commands_.add(now, Cycles{1}); }
  void on_refresh(std::size_t rank, Cycle now);

  /// At the busiest place, or where a limit moves from place to place, all along the bus. Of
  /// no_requests it knows nothing.
  [[nodiscard]] DramLoad load(Cycle end) const;

 private:
  static constexpr std::size_t kWindow = 4;
  struct Rank {
    CoveredTime refreshes, spaced_activations;
    std::int64_t activations = 0;
    std::array<Cycle, kWindow> last_activations{};  ///< A ring.
  };
  /// A data bus with the ranks behind it, and what the last command on it was.
  struct Bus {
    std::int64_t columns = 0;
    DramCommand last_column{};
    std::size_t last_group = 0, last_bank = 0, last_rank = 0;
    Cycle last_column_at{}, last_activation_at{};
    std::int64_t activations_in_rank = 0;  ///< One after another in `last_rank`.
    CoveredTime paced_columns;             ///< Each followed by the gap to the one after it.
    Cycles turning{}, one_bank{}, four_windows{};
  };
  /// Where a bank is.
  struct Place {
    std::size_t group, rank, bus;
  };
  [[nodiscard]] Cycles gap_after(bool same_group) const { return same_group ? group_gap_ : burst_; }
  void charge_bus(const Bus& bus, Cycle end, DramLoad& load) const;
  void charge_rank(const Rank& rank, Cycle end, DramLoad& load) const;

  DramTiming timing_;  ///< As the controller applies it.
  Cycles burst_, group_gap_;
  std::vector<Place> places_;  ///< By bank.
  std::vector<Bus> buses_;
  std::vector<Rank> ranks_;
  std::vector<CoveredTime> groups_, banks_;
  CoveredTime row_commands_;
};

}  // namespace hdp
