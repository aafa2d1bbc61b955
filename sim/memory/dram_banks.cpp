// SPDX-License-Identifier: Apache-2.0
#include "memory/dram_banks.hpp"

namespace hdp {
namespace {

// Far enough back that no rule reaches from there into a run.
constexpr Cycle kLongAgo{-(std::int64_t{1} << 40)};

}  // namespace

DramBanks::DramBanks(const DramConfig& config, std::size_t ranks)
    : banks_per_rank_(static_cast<std::size_t>(config.organisation.banks_per_rank())),
      four_activations_{config.timing.faw},
      open_row_(ranks * banks_per_rank_, kClosed),
      open_banks_(ranks, 0),
      open_since_(ranks),
      windows_(ranks, {{kLongAgo, kLongAgo, kLongAgo, kLongAgo}, 0}) {
  for (const TimingRule& rule : timing_rules(config)) {
    Rules& rules = rules_[index_of(rule.from)];
    const auto to = static_cast<std::uint32_t>(index_of(rule.to));
    const std::uint32_t scope = rule.scope == Scope::Bank ? 2 : rule.scope == Scope::Group ? 1 : 0;
    if (rule.scope != Scope::OtherRanks) rules.own.push_back({scope, to, rule.cycles});
    if (rule.scope == Scope::OtherRanks || rule.scope == Scope::Channel)
      rules.other_ranks.push_back({scope, to, rule.cycles});
  }
  const auto per_group = static_cast<std::size_t>(config.organisation.banks_per_group);
  const std::size_t groups = banks() / per_group;
  ready_.assign((ranks + groups + banks()) * kStride, kLongAgo);
  for (std::size_t bank = 0; bank < banks(); ++bank)
    places_.push_back({static_cast<std::uint32_t>(rank_of(bank) * kStride),
                       static_cast<std::uint32_t>((ranks + bank / per_group) * kStride),
                       static_cast<std::uint32_t>((ranks + groups + bank) * kStride)});
}

void DramBanks::apply_rules(DramCommand command, const Place& place, Cycle now) {
  const Rules& rules = rules_[index_of(command)];
  const std::array<std::uint32_t, 3> base{place.rank, place.group, place.bank};
  Cycle* const ready = ready_.data();
  for (const Rule& rule : rules.own) {
    Cycle& at = ready[base[rule.scope] + rule.to];
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
  if (is_open && !was_open) open_since_[rank] = now;
  if (was_open && !is_open) active_standby_ += now - open_since_[rank];
}

void DramBanks::issue(DramCommand command, std::size_t bank, std::int32_t row, Cycle now) {
  const Place& place = places_[bank];
  ++issued_[index_of(command)];
  apply_rules(command, place, now);
  if (is_column(command)) return;
  const std::size_t rank = rank_of(bank);
  if (command == DramCommand::Act) {
    open_row_[bank] = row;
    limit_activations(rank, place, now);
    count_open(rank, 1, now);
  } else {
    open_row_[bank] = kClosed;
    count_open(rank, -1, now);
  }
}

void DramBanks::issue_to_rank(DramCommand command, std::size_t rank, Cycle now) {
  const std::size_t first = rank * banks_per_rank_;
  ++issued_[index_of(command)];
  apply_rules(command, places_[first], now);
  if (command != DramCommand::PreAll) return;
  std::fill_n(open_row_.begin() + static_cast<std::ptrdiff_t>(first), banks_per_rank_, kClosed);
  count_open(rank, -open_banks_[rank], now);
}

void DramBanks::close(Cycle end) {
  for (std::size_t rank = 0; rank < ranks(); ++rank) {
    if (open_banks_[rank] == 0) continue;
    active_standby_ += end - open_since_[rank];
    open_since_[rank] = end;
  }
}

}  // namespace hdp
