// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <rapidcheck.h>

#include "machine/bench.hpp"

namespace hdp::test {

/// A machine and a layer of heads with random masks, for use inside a property.
struct MachineCase {
  HdpConfig config;
  LayerShape shape;
  Problem problem;
  std::vector<HdpPlan> plans;  ///< One a head.
};

inline std::int64_t in_range(std::int64_t least, std::int64_t beyond) {
  return *rc::gen::inRange<std::int64_t>(least, beyond);
}

inline bool coin() { return in_range(0, 2) == 0; }

/// Small SRAMs on purpose, just large enough to be accepted: things do not stay resident.
inline HdpConfig arbitrary_machine(std::int64_t d) {
  HdpConfig config;
  const std::int64_t b = in_range(0, 3);
  config.prune.block_size = std::int64_t{1} << b;
  config.core.pe_array.rows = config.prune.block_size * in_range(1, 4);
  config.core.pe_array.columns = config.prune.block_size * in_range(1, 4);
  config.core.pe_array.precision = static_cast<Precision>(in_range(0, 3));
  config.core.sparsity_engine.blocks_per_cycle = in_range(1, 9);
  config.core.softmax = {in_range(1, 9), in_range(1, 90)};
  config.core.fetch.reuse = coin();
  config.core.fetch.request_bytes = in_range(1, 300);
  config.core.fetch.requests_in_flight = in_range(1, 20);
  const std::int64_t row = (d * 16 + 7) / 8;
  const auto sram = [](std::int64_t bytes) {
    return SramConfig{bytes, in_range(1, 9), in_range(8, 512)};
  };
  const std::int64_t tile =
      std::max(config.core.pe_array.rows, config.core.pe_array.columns) * (row + 1);  // two planes
  config.core.k_sram = sram(in_range(2, 16) * tile);
  config.core.v_sram = sram(in_range(1, 8) * tile);
  config.core.q_sram = sram(in_range(2, 8) * config.core.pe_array.rows * (row + 1));
  config.core.fetch.planes = in_range(0, 4) == 0 ? Planes::SplitOnFetch : Planes::Stored;
  config.scheduling.slice_heads = in_range(0, 3);
  config.scheduling.assignment = coin() ? Assignment::NextFree : Assignment::RoundRobin;
  config.core.contexts = in_range(1, 4);
  config.core.score_store = coin() ? ScoreStore::Auto : ScoreStore::Recompute;
  config.core.score_sram = sram(in_range(2'000, 12'000));
  config.core.mask_sram = sram(in_range(4'000, 8'000));
  config.core.early_keep = coin();
  config.core.write_zeros = coin();
  config.cores = in_range(1, 4);
  config.prune.word_bits = 16;
  config.prune.tau = coin() ? 1 : -1;
  config.prune.fraction_bits = in_range(0, 5) == 0 ? 0 : in_range(8, 14);
  config.prune.masked = coin() ? Masked::Exclude : Masked::Zero;
  config.prune.approximation = coin();
  config.clock_mhz = in_range(100, 2'000);
  config.memory.bandwidth_mb_per_s = in_range(100, 60'000);
  config.memory.latency_cycles = in_range(0, 150);
  return config;
}

inline Kept arbitrary_mask(const Problem& problem, std::int64_t b) {
  Kept all = everything(problem, b), kept(all.size());
  const std::int64_t density = in_range(1, 5);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const std::int64_t j : all[i])
      if (in_range(0, 4) < density) kept[i].push_back(j);
    if (kept[i].empty()) kept[i] = {0};
  }
  return kept;
}

inline MachineCase arbitrary_case() {
  MachineCase c;
  const std::int64_t d = in_range(1, 40);
  c.config = arbitrary_machine(d);
  c.problem.causal = coin();
  c.problem.queries = in_range(1, 30);
  c.problem.keys = in_range(c.problem.causal ? c.problem.queries : 1, 50);
  c.problem.first_query = coin() ? 0 : in_range(1, 5);
  const std::int64_t shared = in_range(1, 3), groups = in_range(1, 4);
  c.shape = {shared * groups, groups, c.problem.first_query + c.problem.queries, c.problem.keys, d};
  for (std::int64_t h = 0; h < c.shape.heads; ++h) {
    HdpPlan plan = plan_of(c.problem, c.config.prune.block_size,
                           arbitrary_mask(c.problem, c.config.prune.block_size),
                           c.config.prune.tau < 0 || in_range(0, 4) != 0);
    if (plan.head_kept && c.config.prune.tau >= 0 && coin())
      plan.head_limit = in_range(0, plan.theta_head);
    c.plans.push_back(std::move(plan));
  }
  return c;
}

}  // namespace hdp::test
