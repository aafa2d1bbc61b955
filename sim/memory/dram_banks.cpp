// SPDX-License-Identifier: Apache-2.0
#include "memory/dram_banks.hpp"

#include <algorithm>

namespace hdp {
namespace {

// Far enough back that no rule reaches from there into a run.
constexpr Cycle kLongAgo{-(std::int64_t{1} << 40)};

}  // namespace

DramBanks::DramBanks(const DramConfig& config, std::size_t ranks)
    : closes_rows_(config.row_policy == DramRowPolicy::Closed),
      banks_per_rank_(static_cast<std::size_t>(config.organisation.banks_per_rank())),
      four_activations_{config.timing.faw},
      open_row_(ranks * banks_per_rank_, kClosed),
      open_banks_(ranks, 0),
      open_since_(ranks),
      closing_until_(ranks, kLongAgo),
      windows_(ranks, {{kLongAgo, kLongAgo, kLongAgo, kLongAgo}, 0}),
      meter_(config, ranks),
      sleep_(config, ranks),
      wake_time_{config.timing.xp},
      read_time_{config.timing.cl + config.timing.burst},
      write_time_{config.timing.cwl + config.timing.burst + config.timing.wr},
      refresh_time_{config.timing.rfc} {
  for (const TimingRule& rule : timing_rules(config)) {
    Rules& rules = rules_[index_of(rule.from)];
    if (rule.from == DramCommand::Pre && rule.to == DramCommand::Act)
      precharge_to_act_ = rule.cycles;
    if (rule.from == DramCommand::Pre && rule.to == DramCommand::Ref)
      precharge_to_refresh_ = rule.cycles;
    const auto to = static_cast<std::uint32_t>(index_of(rule.to));
    const std::uint32_t place = rule.scope == Scope::Bank ? 2 : rule.scope == Scope::Group ? 1 : 0;
    if (rule.scope != Scope::OtherRanks) demand(rules.own, {place, to, rule.cycles});
    if (rule.scope == Scope::OtherRanks || rule.scope == Scope::Channel)
      demand(rules.other_ranks, {place, to, rule.cycles});
  }
  const auto per_group = static_cast<std::size_t>(config.organisation.banks_per_group);
  const std::size_t groups = banks() / per_group;
  ready_.assign((ranks + groups + banks()) * kStride, kLongAgo);
  for (std::size_t bank = 0; bank < banks(); ++bank)
    places_.push_back({static_cast<std::uint32_t>(bank / banks_per_rank_ * kStride),
                       static_cast<std::uint32_t>((ranks + bank / per_group) * kStride),
                       static_cast<std::uint32_t>((ranks + groups + bank) * kStride)});
}

/// Of rules between the same two commands the longest counts.
void DramBanks::demand(std::vector<Rule>& rules, const Rule& rule) {
  for (Rule& known : rules) {
    if (known.place != rule.place || known.to != rule.to) continue;
    known.cycles = std::max(known.cycles, rule.cycles);
    return;
  }
  rules.push_back(rule);
}

void DramBanks::apply_rules(DramCommand command, const Place& place, Cycle now) {
  const Rules& rules = rules_[index_of(command)];
  const std::array<std::uint32_t, 3> base{place.rank, place.group, place.bank};
  Cycle* const ready = ready_.data();
  for (const Rule& rule : rules.own) {
    Cycle& at = ready[base[rule.place] + rule.to];
    at = std::max(at, now + rule.cycles);
  }
  if (rules.other_ranks.empty()) return;
  for (std::size_t rank = 0; rank < ranks(); ++rank) {
    if (rank * kStride == place.rank) continue;
    for (const Rule& rule : rules.other_ranks) {
      Cycle& at = ready[rank * kStride + rule.to];
      at = std::max(at, now + rule.cycles);
    }
  }
}

void DramBanks::limit_activations(std::size_t rank, const Place& place, Cycle now) {
  Window& window = windows_[rank];
  window.at[window.oldest] = now;
  window.oldest = (window.oldest + 1) % kWindow;
  Cycle& ready = ready_[place.rank + index_of(DramCommand::Act)];
  ready = std::max(ready, window.at[window.oldest] + four_activations_);
}

void DramBanks::count_open(std::size_t rank, std::int64_t change, Cycle now) {
  const bool was_open = open_banks_[rank] > 0;
  open_banks_[rank] += change;
  const bool is_open = open_banks_[rank] > 0;
  if (is_open && !was_open) open_since_[rank] = std::max(now, closing_until_[rank]);
  if (was_open && !is_open) {
    const Cycle closed_at = std::max(now, closing_until_[rank]);
    active_standby_ += std::max(Cycles{0}, closed_at - open_since_[rank]);
  }
}

void DramBanks::issue(DramCommand command, std::size_t bank, std::int32_t row, Cycle now) {
  const Place& place = places_[bank];
  ++issued_[index_of(command)];
  apply_rules(command, place, now);
  const std::size_t rank = rank_of(bank);
  if (is_column(command)) {
    meter_.on_column(command, bank, now);
    if (closes_rows_) precharge_behind(bank, now);
    if (sleep_.enabled())
      sleep_.serve(rank, now + (command == DramCommand::Wr ? write_time_ : read_time_));
    return;
  }
  if (command == DramCommand::Act) {
    meter_.on_activate(bank, now);
    open_row_[bank] = row;
    limit_activations(rank, place, now);
    count_open(rank, 1, now);
  } else {
    meter_.on_precharge(now);
    open_row_[bank] = kClosed;
    count_open(rank, -1, now);
  }
}

/// The bank precharges itself as soon as the rules of PRE allow.
void DramBanks::precharge_behind(std::size_t bank, Cycle now) {
  const Place& place = places_[bank];
  const std::size_t rank = rank_of(bank);
  const Cycle at = ready_[place.bank + index_of(DramCommand::Pre)];
  Cycle& act = ready_[place.bank + index_of(DramCommand::Act)];
  Cycle& refresh = ready_[place.rank + index_of(DramCommand::Ref)];
  act = std::max(act, at + precharge_to_act_);
  refresh = std::max(refresh, at + precharge_to_refresh_);
  open_row_[bank] = kClosed;
  closing_until_[rank] = std::max(closing_until_[rank], at);
  count_open(rank, -1, now);
  if (sleep_.enabled()) sleep_.stay_awake(rank, at);
}

void DramBanks::wake(std::size_t rank, Cycle now) {
  for (std::size_t command = 0; command < kDramCommands; ++command) {
    Cycle& ready = ready_[rank * kStride + command];
    ready = std::max(ready, now + wake_time_);
  }
}

void DramBanks::issue_to_rank(DramCommand command, std::size_t rank, Cycle now) {
  const std::size_t first = rank * banks_per_rank_;
  ++issued_[index_of(command)];
  apply_rules(command, places_[first], now);
  if (command == DramCommand::Ref) {
    meter_.on_refresh(rank, now);
    if (sleep_.enabled()) sleep_.serve(rank, now + refresh_time_);
    return;
  }
  meter_.on_precharge(now);
  std::fill_n(open_row_.begin() + static_cast<std::ptrdiff_t>(first), banks_per_rank_, kClosed);
  count_open(rank, -open_banks_[rank], now);
}

void DramBanks::close(Cycle end) {
  for (std::size_t rank = 0; rank < ranks(); ++rank) {
    if (sleep_.enabled()) sleep_.close(rank, open_banks_[rank] > 0, end);
    if (open_banks_[rank] > 0) {
      active_standby_ += std::max(Cycles{0}, end - open_since_[rank]);
      open_since_[rank] = std::max(end, open_since_[rank]);
    } else if (closing_until_[rank] > end) {
      active_standby_ = active_standby_ - (closing_until_[rank] - end);
      closing_until_[rank] = end;
    }
  }
}

}  // namespace hdp
