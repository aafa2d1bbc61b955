// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/base/check.hpp>
#include <hdp/units/block_ranker.hpp>
#include <hdp/units/zero_eliminator.hpp>

namespace hdp {

BlockRanking BlockRanker::row(std::span<const std::int64_t> importances, std::int64_t k) {
  const std::int64_t blocks = std::ssize(importances);
  if (k == blocks)
    return {{ceil_div(blocks, config_.parallelism) + zero_eliminator_layers(config_.parallelism)},
            0,
            0,
            0};
  const TopKSelection selection = engine_.select(importances, k);
  const std::int64_t beside =
      selection.rounds * config_.round_cycles + zero_eliminator_layers(config_.parallelism);
  return {
      {selection.cycles()}, selection.rounds, selection.comparisons, selection.cycles() - beside};
}

BlockRanking BlockRanker::rows(const HdpPlan& plan, std::int64_t first, std::int64_t count) {
  HDP_CHECK(plan.ranked.rows() == plan.mask.rows(), "the plan is one of rule top_k");
  busy_until_.assign(static_cast<std::size_t>(config_.rows), Cycles{});
  BlockRanking all;
  for (std::int64_t i = first; i < first + count; ++i) {
    const BlockRanking one = row(plan.ranked.row(i), plan.mask.count(i));
    auto& free_first = *std::ranges::min_element(busy_until_);
    free_first = free_first + one.cycles;
    all.rounds += one.rounds;
    all.comparisons += one.comparisons;
    all.passing_cycles += one.passing_cycles;
  }
  all.cycles = std::ranges::max(busy_until_);
  return all;
}

}  // namespace hdp
