// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "machine/bench.hpp"

namespace hdp::test {

/// Hops of docs/hdp.md, in cycles: each channel takes one.
inline constexpr std::int64_t kFirstTile = 7;     ///< From the start to the first tile.
inline constexpr std::int64_t kPipeline = 4;      ///< From the end of a job to its results.
inline constexpr std::int64_t kMaskHop = 1;       ///< From the masks to the sequencer.
inline constexpr std::int64_t kKeptOperands = 7;  ///< From the decision to fraction products.
inline constexpr std::int64_t kSoftmaxLatency = 87;
inline constexpr std::int64_t kJobHop = 1;      ///< From the sequencer to the array.
inline constexpr std::int64_t kWriteBack = 10;  ///< From the end of P.V to the end of the head.

/// The sums of docs/hdp.md, one element a strip, written down apart from the library.
struct Expected {
  std::vector<std::int64_t> tiles, add, select, fraction, softmax, value;
  std::int64_t tile = 0, head_test = 1;

  static std::int64_t sum(const std::vector<std::int64_t>& of) {
    std::int64_t total = 0;
    for (const std::int64_t x : of) total += x;
    return total;
  }
  [[nodiscard]] std::int64_t integer() const { return sum(tiles) * tile; }
  /// When the sequencer knows the decision. The engine takes tiles as they come; only where it is
  /// slower than they are does it add more than the tail of the last one.
  [[nodiscard]] std::int64_t decision() const {
    std::int64_t array = kFirstTile, engine = 0;
    for (std::size_t s = 0; s < tiles.size(); ++s) {
      for (std::int64_t t = 0; t < tiles[s]; ++t) {
        array += tile;
        engine = std::max(engine, array + kPipeline) + add[s];
      }
      engine += select[s];
    }
    return engine + head_test + kMaskHop;
  }
};

inline std::int64_t ceil_of(std::int64_t a, std::int64_t b) { return a / b + (a % b != 0 ? 1 : 0); }

/// Integer, fraction and exact-score cycles of a tile: 16-bit words with 4 integer bits.
inline std::int64_t integer_tile(Precision precision, std::int64_t d) {
  return precision == Precision::Split ? ceil_of(d * 16, 256) : d;
}
inline std::int64_t fraction_tile(Precision precision, std::int64_t d) {
  if (precision == Precision::Split) return ceil_of(d * 96, 256);
  return precision == Precision::Fused ? d : 2 * d;
}

inline Expected expect_hdp(const HdpConfig& config, std::int64_t d, const Problem& problem,
                           const Kept& kept) {
  const CoreConfig& core = config.core;
  const std::int64_t rows = core.pe_array.rows, columns = core.pe_array.columns;
  const std::int64_t b = config.prune.block_size;
  const bool recompute = core.score_store == ScoreStore::Recompute;
  Expected want;
  want.tile = integer_tile(core.pe_array.precision, d);
  const std::int64_t pass = fraction_tile(core.pe_array.precision, d) + (recompute ? want.tile : 0);
  for (std::int64_t top = 0; top < problem.queries; top += rows) {
    const std::int64_t height = std::min(rows, problem.queries - top);
    const std::int64_t blocks_high = ceil_of(height, b);
    std::int64_t most = 0, select = 0, softmax = 0;
    for (std::int64_t i = top; i < top + height; ++i) {
      const auto& row = kept[static_cast<std::size_t>(i / b)];
      std::int64_t entries = 0;
      for (const std::int64_t j : row)
        for (std::int64_t key = j * b; key < (j + 1) * b; ++key)
          entries += key < problem.visible(i);
      softmax += ceil_of(entries, core.softmax.lanes);
      most = std::max(most, static_cast<std::int64_t>(row.size()));
      if (i % b != 0) continue;
      const std::int64_t last = std::min(i + b, problem.queries) - 1;
      select += core.sparsity_engine.threshold_cycles +
                ceil_of(ceil_of(problem.visible(last), b), core.sparsity_engine.compares_per_cycle);
    }
    want.tiles.push_back(ceil_of(problem.visible(top + height - 1), columns));
    want.add.push_back(ceil_of(blocks_high * (columns / b), core.sparsity_engine.blocks_per_cycle));
    want.select.push_back(select);
    want.fraction.push_back(ceil_of(most, columns / b) * pass);
    want.softmax.push_back(softmax);
    want.value.push_back(most * b * ceil_of(d, columns));
  }
  return want;
}

/// The whole head, at most three strips: they are all given to the array before the first P.V.
inline std::int64_t expected_cycles(const Expected& want) {
  std::int64_t array = want.decision() + kKeptOperands;  // free from here
  std::int64_t softmax = 0;
  std::vector<std::int64_t> arrived;
  for (std::size_t s = 0; s < want.fraction.size(); ++s) {
    array += want.fraction[s];
    softmax = std::max(softmax, array + kPipeline) + want.softmax[s];
    arrived.push_back(softmax + kSoftmaxLatency);
  }
  for (std::size_t s = 0; s < want.value.size(); ++s)
    array = std::max(array, arrived[s] + kJobHop) + want.value[s];
  return array + kWriteBack;
}

}  // namespace hdp::test
