// SPDX-License-Identifier: Apache-2.0
#include "memory/load_meter.hpp"

#include <algorithm>

#include "memory/size_of.hpp"
#include "memory/timing_rules.hpp"

namespace hdp {
namespace {

void charge(DramLoad& load, DramLimit limit, Cycles cycles) {
  Cycles& most = load[static_cast<std::size_t>(limit)];
  most = std::max(most, cycles);
}

}  // namespace

LoadMeter::LoadMeter(const DramConfig& config, std::size_t ranks)
    : timing_(applied_timing(config)),
      burst_{timing_.burst},
      group_gap_{std::max(timing_.ccd_l, timing_.burst)},
      buses_(ranks / size_of(config.organisation.ranks)),
      ranks_(ranks),
      groups_(ranks * size_of(config.organisation.bank_groups)),
      banks_(ranks * size_of(config.organisation.banks_per_rank())) {
  const std::size_t per_bus = ranks / buses_.size(), per_rank = banks_.size() / ranks,
                    per_group = size_of(config.organisation.banks_per_group);
  for (std::size_t bank = 0; bank < banks_.size(); ++bank)
    places_.push_back({bank / per_group, bank / per_rank, bank / per_rank / per_bus});
}

void LoadMeter::on_column(DramCommand command, std::size_t bank, Cycle now) {
  const std::size_t group = places_[bank].group;
  Bus& bus = buses_[places_[bank].bus];
  groups_[group].add(now, group_gap_);
  if (bus.columns++ > 0) {
    bus.paced_columns.add(bus.last_column_at, gap_after(group == bus.last_group));
    if (command != bus.last_column) {
      const Cycles turn{
          command == DramCommand::Wr
              ? std::max<std::int64_t>(0, timing_.cl + timing_.read_to_write - timing_.cwl)
              : timing_.cwl + timing_.wtr_l};
      bus.turning += std::clamp(now - bus.last_column_at - burst_, Cycles{0}, turn);
    }
  }
  bus.last_column = command;
  bus.last_group = group;
  bus.last_column_at = now;
}

void LoadMeter::on_activate(std::size_t bank, Cycle now) {
  const std::size_t number = places_[bank].rank;
  Rank& rank = ranks_[number];
  Bus& bus = buses_[places_[bank].bus];
  row_commands_.add(now, Cycles{timing_.act_cycles});
  banks_[bank].add(now, Cycles{timing_.rc});
  rank.spaced_activations.add(now, Cycles{timing_.rrd_s});
  Cycle& fourth_last = rank.last_activations[size_of(rank.activations++) % kWindow];
  if (number != bus.last_rank) bus.activations_in_rank = 0;
  if (bus.activations_in_rank++ >= std::int64_t{kWindow})
    bus.four_windows += std::min(now - fourth_last, Cycles{timing_.faw});
  if (bus.activations_in_rank > 1 && bank == bus.last_bank)
    bus.one_bank += std::min(now - bus.last_activation_at, Cycles{timing_.rc});
  fourth_last = now;
  bus.last_rank = number;
  bus.last_bank = bank;
  bus.last_activation_at = now;
}

void LoadMeter::on_refresh(std::size_t rank, Cycle now) {
  row_commands_.add(now, Cycles{1});
  ranks_[rank].refreshes.add(now, Cycles{timing_.rfc});
}

void LoadMeter::charge_bus(const Bus& bus, Cycle end, DramLoad& load) const {
  if (bus.columns > 0) {
    // Bursts whole, as moved_bytes and bandwidth_fraction have them: the last may lie behind the
    // end.
    charge(load, DramLimit::DataBus, std::min(end - Cycle{}, burst_ * bus.columns));
    CoveredTime paced = bus.paced_columns;
    paced.add(bus.last_column_at, burst_);
    const Cycles whole = paced.before(bus.last_column_at + burst_);
    charge(load, DramLimit::BankGroup, std::min(end - Cycle{}, whole));
  }
  charge(load, DramLimit::Turnaround, bus.turning);
  charge(load, DramLimit::BankCycle, bus.one_bank);
  charge(load, DramLimit::ActivationWindow, Cycles{bus.four_windows.count / 4});
}

void LoadMeter::charge_rank(const Rank& rank, Cycle end, DramLoad& load) const {
  Cycles windows = Cycles{timing_.faw} * rank.activations;  // four hold one together
  const std::int64_t last = std::min<std::int64_t>(rank.activations, kWindow);
  for (std::size_t i = 0; i < size_of(last); ++i)
    windows = windows - std::max(Cycles{0}, rank.last_activations[i] + Cycles{timing_.faw} - end);
  charge(load, DramLimit::ActivationWindow, Cycles{windows.count / 4});
  charge(load, DramLimit::ActivationWindow, rank.spaced_activations.before(end));
  charge(load, DramLimit::Refresh, rank.refreshes.before(end));
}

DramLoad LoadMeter::load(Cycle end) const {
  DramLoad load{};
  for (const Bus& bus : buses_) charge_bus(bus, end, load);
  for (const Rank& rank : ranks_) charge_rank(rank, end, load);
  for (const CoveredTime& group : groups_) charge(load, DramLimit::BankGroup, group.before(end));
  for (const CoveredTime& bank : banks_) charge(load, DramLimit::BankCycle, bank.before(end));
  charge(load, DramLimit::RowCommands, row_commands_.before(end));
  return load;
}

}  // namespace hdp
