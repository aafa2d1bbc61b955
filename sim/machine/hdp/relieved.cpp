// SPDX-License-Identifier: Apache-2.0
#include "machine/relieve.hpp"
#include <hdp/machine/hdp/kind.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kMostPes = 1024, kMostBits = 65'536, kMostBlocks = 4096;

bool relieve_ports(CoreConfig& core) {
  bool changed = false;
  for (SramConfig* sram :
       {&core.q_sram, &core.k_sram, &core.v_sram, &core.score_sram, &core.mask_sram})
    changed |= twice(sram->word_bits, kMostBits);
  return changed;
}

/// Of what the rule in force uses; what it ignores would be refused as a change.
bool relieve_engine(const HdpSettings& prune, SparsityEngineConfig& engine) {
  bool changed = twice(engine.blocks_per_cycle, kMostBlocks);
  if (prune.tau >= 0) changed |= half(engine.head_test_cycles, 0);
  if (prune.rule == PruneRule::TopK) return relieve(engine.top_k) || changed;
  changed |= twice(engine.compares_per_cycle, kMostBlocks);
  changed |= half(engine.threshold_cycles, 0);
  return changed;
}

bool relieve(Relief relief, HdpConfig& config) {
  CoreConfig& core = config.core;
  switch (relief) {
    case Relief::Multipliers:
      return twice(core.pe_array.columns, kMostPes);
    case Relief::MultiplierRows:
      return twice(core.pe_array.rows, kMostPes);
    case Relief::SramPorts:
      return relieve_ports(core);
    case Relief::Decision:
      return config.pruning && relieve_engine(config.prune, core.sparsity_engine);
    case Relief::Probability:
      return config.estimates() && relieve(core.probability_unit);
    case Relief::TopK:
      return config.cascades() && relieve(config.cascade.top_k);
    case Relief::VectorLanes:
      return relieve_vector_unit(config.layer);
    case Relief::Cores:
      return twice(config.cores, kMostPes);
    default:
      return relieve(relief, config.memory, core.fetch, core.softmax);
  }
}

}  // namespace

std::optional<HdpConfig> relieved(HdpConfig config, Relief relief) {
  if (!relieve(relief, config)) return std::nullopt;
  return config;
}

}  // namespace hdp
