// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "memory/dram_banks.hpp"
#include "memory/request_list.hpp"

namespace hdp {

/// Requests whose ACT is out, at most one a bank: their column commands go before all others.
class ActiveRequests {
 public:
  explicit ActiveRequests(const DramBanks& banks)
      : banks_(banks), in_use_(banks.banks(), 0), in_rank_(banks.ranks(), 0) {
    list_.reserve(banks.banks());
  }

  /// The row of `request` has just been opened for it.
  void add(WaitingRequest request) {
    request.next = request.write ? DramCommand::Wr : DramCommand::Rd;
    request.try_at = banks_.ready_at(request.next, request.bank);
    ready_at_ = std::min(ready_at_, request.try_at);
    in_use_[request.bank] = 1;
    ++in_rank_[banks_.rank_of(request.bank)];
    const auto later = std::find_if(list_.rbegin(), list_.rend(), [&](const WaitingRequest& r) {
                         return r.arrived_at <= request.arrived_at;
                       }).base();
    list_.insert(later, request);
  }

  /// Takes the oldest whose column command is legal.
  std::optional<WaitingRequest> take_ready(Cycle now) {
    if (ready_at_ > now) return std::nullopt;
    Cycle next = kNever;
    for (std::size_t i = 0; i < list_.size(); ++i) {
      WaitingRequest& request = list_[i];
      if (request.try_at <= now)
        request.try_at = banks_.ready_after(request.next, request.bank, now);
      next = std::min(next, request.try_at);
      if (request.try_at <= now) return take(i);
    }
    ready_at_ = next;
    return std::nullopt;
  }

  /// Before, none is legal.
  [[nodiscard]] Cycle ready_at() const { return ready_at_; }
  [[nodiscard]] bool empty() const { return list_.empty(); }
  [[nodiscard]] bool use_bank(std::size_t bank) const { return in_use_[bank] != 0; }
  [[nodiscard]] bool use_rank(std::size_t rank) const { return in_rank_[rank] != 0; }

 private:
  WaitingRequest take(std::size_t entry) {
    const WaitingRequest request = list_[entry];
    remove(list_, entry);
    in_use_[request.bank] = 0;
    --in_rank_[banks_.rank_of(request.bank)];
    if (list_.empty()) ready_at_ = kNever;
    return request;
  }

  const DramBanks& banks_;
  RequestList list_;  ///< In order of arrival, then of their ACT.
  std::vector<std::uint8_t> in_use_;
  std::vector<std::int64_t> in_rank_;
  Cycle ready_at_ = kNever;
};

}  // namespace hdp
