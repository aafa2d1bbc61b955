// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <set>
#include <tuple>

#include "machine/bench.hpp"

namespace hdp::test {

/// What becomes of entry (query, key), of `chunks` fraction chunks.
using FateOf = std::function<EntryFate(std::int64_t query, std::int64_t key)>;

/// Gives the kept entries of a plan their fates; a pruned head has none.
inline void estimate_by_hand(HdpPlan& plan, std::size_t chunks, const FateOf& fate_of) {
  plan.estimates.clear();
  EstimateCounts counts(chunks);
  for (std::int64_t i = 0; plan.head_kept && i < plan.problem.queries; ++i) {
    std::vector<EntryFate> fates;
    for_each_kept(plan, i, [&](std::int64_t key) { fates.push_back(fate_of(i, key)); });
    std::ranges::copy(fates, plan.estimates.add_row(fates.size()).begin());
    counts.entries += std::ssize(fates);
    for (const EntryFate& fate : fates) {
      counts.survivors += static_cast<std::int64_t>(fate.survives);
      for (std::size_t c = 0; c < fate.chunks; ++c) ++counts.fetched_per_chunk[c];
    }
  }
  plan.estimate_counts = counts;
}

/// Rows of a chunk plane, or of V (behind the last chunk), that heads of a layer read: once a slice
/// where they stay, at most once a strip where they stream.
inline std::int64_t estimated_rows(const Layout& layout, const std::vector<HdpPlan>& plans,
                                   std::size_t chunk, bool by_strip) {
  std::set<std::tuple<std::int64_t, std::int64_t, std::int64_t>> rows;
  const std::int64_t group = layout.shape.heads / layout.shape.kv_heads;
  for (std::size_t h = 0; h < plans.size(); ++h) {
    if (!plans[h].head_kept) continue;
    const auto head = static_cast<std::int64_t>(h);
    const std::int64_t slice = head / group * 1000 + head % group / layout.slice_heads;
    for (std::int64_t i = 0; i < plans[h].problem.queries; ++i) {
      auto fate = plans[h].estimates.row(i).begin();
      for_each_kept(plans[h], i, [&](std::int64_t key) {
        const bool read = chunk < layout.chunks.size() ? fate->chunks > chunk : fate->survives;
        if (read && by_strip) rows.insert({head, i / layout.strip_rows, key});
        if (read && !by_strip) rows.insert({slice, 0, key});
        ++fate;
      });
    }
  }
  return std::ssize(rows);
}

}  // namespace hdp::test
