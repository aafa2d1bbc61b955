// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <hdp/machine/spatten/config.hpp>
#include <hdp/machine/spatten/work.hpp>
#include <hdp/units/fetch_unit.hpp>

namespace hdp::spatten {

/// Vectors that are fetched together.
struct Load {
  Tensor tensor = Tensor::K;
  std::uint32_t first_range = 0, ranges = 0;
  std::int64_t vectors = 0;
};

/// The loads of a pass, and the cycles of its jobs. Storage is reused.
struct HeadWork {
  const SpattenPass* pass = nullptr;
  std::vector<FetchRange> ranges;
  std::vector<Load> key_loads;  ///< Q of all queries, then K tile by tile.
  std::vector<Load> lsb_loads, value_loads;
  std::vector<Load> appends;  ///< The new rows of K and V, written.
  std::vector<FetchRange> outputs;
};

/// Vectors that an array takes in `cycles_per_line` cycles: wider heads take several cycles each.
struct Lanes {
  std::int64_t vectors = 1, cycles_per_line = 1;
  Lanes(std::int64_t multipliers, std::int64_t d);
  [[nodiscard]] std::int64_t cycles(std::int64_t count) const;
};

/// Where the tensors of all passes lie in memory, and what a pass fetches from there.
class Lowering {
 public:
  Lowering(const SpattenConfig& config, std::span<const SpattenPass> passes);
  void lower(const SpattenPass& pass, HeadWork& work) const;

 private:
  [[nodiscard]] std::uint64_t head_start(Tensor tensor, const SpattenPass& pass,
                                         std::int64_t head) const;
  [[nodiscard]] FetchRange rows_of(Tensor tensor, const SpattenPass& pass, std::int64_t head,
                                   std::int64_t bits) const;
  void add_append(Tensor tensor, const SpattenPass& pass, std::int64_t bits, HeadWork& work) const;
  void add_vectors(Tensor tensor, const SpattenPass& pass, std::int64_t bits,
                   std::span<const std::int32_t> tokens, HeadWork& work,
                   std::vector<Load>& loads) const;

  const SpattenConfig& config_;
  std::int64_t heads_ = 0;  ///< Of all layers and sequences together.
  std::int64_t heads_of_sequence_ = 0;
  std::int64_t heads_of_layer_ = 0;
  std::uint64_t head_bytes_ = 0;  ///< Room of a head in every tensor.
};

}  // namespace hdp::spatten
