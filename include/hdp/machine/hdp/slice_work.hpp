// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <hdp/machine/hdp/work_totals.hpp>
#include <hdp/units/fetch_unit.hpp>

namespace hdp {

/// Whose jobs a load waits for: a buffer has room again once so many of them are done.
enum class Gate : std::uint8_t { Tiles, Fractions, Values };

/// Strips [first, end) of a slice; none: empty.
struct StripRange {
  std::uint32_t first = 0, end = 0;
};

/// A group of ranges that is fetched together, once `after` jobs of the gate's phase are done and
/// the masks and head decisions of some strips say what to fetch.
struct Load {
  Tensor tensor = Tensor::Q;
  std::uint32_t first_range = 0;
  std::uint32_t ranges = 0;
  Gate gate = Gate::Tiles;
  std::int64_t after = 0;
  StripRange strips{};
  std::int64_t verdicts = 0;  ///< Rounds that must be decided.
};

/// Bytes to write: outputs once so many P.V jobs are done, the zeros of a pruned head once it is
/// decided, new rows of the KV cache at once.
struct Store {
  Tensor tensor = Tensor::Out;
  FetchRange range;
  std::int64_t values = 0;
  std::int32_t decided_head = -1;  ///< Place among the heads of the slice; none: -1.
};

/// Port cycles of the SRAMs for a tile of a strip.
struct TilePorts {
  std::int64_t q_read = 0, k_read = 0, k_fill = 0, score = 0;
};

/// A strip of query rows of one head: what its tiles take.
struct StripWork {
  std::uint32_t head = 0;        ///< Place among the heads of the slice.
  std::int64_t tiles = 0;        ///< Of the integer pass, or of the exact product.
  std::int64_t whole_tiles = 0;  ///< Tiles of as many keys as the array has columns;
  std::int64_t tile_cycles = 0;
  TilePorts ports, edge_ports;     ///< the one behind them has the keys that are left.
  std::int64_t q_fill = 0;         ///< Port cycles to write the strip's rows of Q.
  std::int32_t engine_add = 0;     ///< Sparsity engine, a tile,
  std::int32_t engine_select = 0;  ///< and after the last tile of the strip; 0: no engine.
  std::int64_t softmax_cycles = 0;
  std::int64_t values_before = 0;  ///< P.V jobs that must be done: its scores have room then.
  bool decides = false;            ///< The head decision is known with this strip's masks.

  /// What the ports need for tile t; a fresh tile of K is written first, the strip's Q with tile 0.
  [[nodiscard]] std::int64_t operands(std::int64_t t, bool fresh) const {
    const TilePorts& tile = t < whole_tiles ? ports : edge_ports;
    return std::max(
        {tile.q_read + (t == 0 ? q_fill : 0), tile.k_read + (fresh ? tile.k_fill : 0), tile.score});
  }
};

/// Strips that take every tile of K together: tile after tile, in each the strips that see it. The
/// loads of Q come first, one a strip, then those of tiles that are not in SRAM yet.
struct TileGroup {
  std::uint32_t first = 0, strips = 0;
  std::int64_t tiles = 0;         ///< Of its last strip, the most.
  std::int64_t loads_before = 0;  ///< Plane loads of the groups before.
  std::int64_t resident_tiles = 0;

  [[nodiscard]] bool fresh(std::int64_t t) const { return t >= resident_tiles; }
  /// Plane loads that must be complete before tile t of a strip.
  [[nodiscard]] std::int64_t loads_for(std::int64_t strip, std::int64_t t) const {
    if (!fresh(t)) return loads_before + strip - std::int64_t{first} + 1;
    return loads_before + std::int64_t{strips} + t - resident_tiles + 1;
  }
};

/// Fraction products, or P.V, of a strip on a piece of the keys.
struct KeptJob {
  std::uint32_t strip = 0;
  std::uint32_t order = 0;  ///< Of the strip among those that have these jobs.
  bool last = false;        ///< Of the strip.
  std::int64_t compute = 0;
  std::int64_t operands = 0;       ///< Cycles that the SRAM ports need.
  std::int64_t loads = 0;          ///< Loads of its stream that must be complete.
  std::int64_t values_before = 0;  ///< P.V jobs that must be done: its scores have room then.
  std::int64_t verdicts = 0;       ///< Rounds that must be decided.
  std::int64_t bounds_cycles = 0;  ///< Of the probability unit, behind the last job of a round;
  bool ends_round = false;         ///< whether it is.
};

/// What a round of a strip ends with: what is left goes on, or to the softmax unit.
struct RoundEnd {
  std::uint32_t strip = 0;
  bool last = false;
};

struct SliceHead {
  std::int64_t head = 0;
  bool kept = true;     ///< What the decision will be;
  bool decided = true;  ///< already known before the first strip.
};

/// Query heads of one problem that share K and V, ready to be played on one core: plain data, made
/// by the lowering. Strips go by position, then by head.
struct SliceWork {
  std::int64_t sequence = 0, layer = 0;
  bool prunes = false;  ///< Has a sparsity engine pass; else dense attention.
  std::vector<SliceHead> heads;
  std::vector<StripWork> strips;
  std::vector<TileGroup> groups;
  std::vector<KeptJob> fractions, values;
  std::vector<RoundEnd> rounds;   ///< In the order of their jobs; with probability estimation.
  std::vector<Load> plane_loads;  ///< For tiles,
  std::vector<Load> kept_loads;   ///< for fraction products,
  std::vector<Load> value_loads;  ///< and for P.V.
  std::vector<Store> stores;
  std::vector<FetchRange> ranges;
  WorkTotals totals;

  void clear();
  /// Bytes that its loads fetch.
  [[nodiscard]] std::int64_t read_bytes() const;
};

}  // namespace hdp
