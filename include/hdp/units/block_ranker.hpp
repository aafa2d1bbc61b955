// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

#include <hdp/base/quantity.hpp>
#include <hdp/config/field.hpp>
#include <hdp/prune/hdp_plan.hpp>
#include <hdp/units/top_k_engine.hpp>

namespace hdp {

struct BlockRankerConfig : TopKEngineConfig {
  std::int64_t rows = 1;

  static constexpr auto kFields = std::tuple_cat(
      std::tuple{Field{&BlockRankerConfig::rows, "rows", "rows of blocks",
                       "Rows of blocks that rank side by side, each with comparators of its own.",
                       Range{1, 256}}},
      TopKEngineConfig::kFields);
};

/// What ranking blocks takes.
struct BlockRanking {
  Cycles cycles;
  std::int64_t rounds = 0;
  std::int64_t comparisons = 0;     ///< Of importances with pivots and with the k-th largest,
  std::int64_t passing_cycles = 0;  ///< and the cycles in which they passed, of all engines.
  friend bool operator==(const BlockRanking&, const BlockRanking&) = default;
};

/// The top-k engines of a sparsity engine, one for each row of blocks that ranks side by side
/// (sim/units/block_ranker.md). The stream of pivots runs on from call to call.
class BlockRanker {
 public:
  explicit BlockRanker(const BlockRankerConfig& config) : config_(config), engine_(config) {}

  /// One row of blocks, for the k most important. Where all stay, nothing is ranked: the row passes
  /// once, and its mask is written.
  BlockRanking row(std::span<const std::int64_t> importances, std::int64_t k);

  /// Rows [first, first + count) of a plan made by rule top_k: each goes to the engine that is free
  /// first; the cycles are those of the engine that is done last.
  BlockRanking rows(const HdpPlan& plan, std::int64_t first, std::int64_t count);

 private:
  BlockRankerConfig config_;
  TopKEngine engine_;
  std::vector<Cycles> busy_until_;
};

}  // namespace hdp
